const isBlank = (character: string | undefined): boolean => character === " " || character === "\t";

/**
 * The text without blanks and tabs at its ends, HTTP's only ones (RFC 9110 §5.6.3). Not `trim`: a no-break
 * space is part of somebody's cookie. And no pattern: one for blanks at the end tries every blank
 * before it, and a run of them takes seconds.
 */
export function withoutBlanks(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isBlank(text[start])) start += 1;
  while (end > start && isBlank(text[end - 1])) end -= 1;
  return text.slice(start, end);
}
