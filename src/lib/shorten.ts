/**
 * Characters of one value that a path or a message shows: less than 1 KB of an answer, even where
 * each of them is written as an escape, and its backslash as another.
 */
export const MAX_SHOWN_CHARS = 128;

/** Names that one message lists: a longer list is not read. */
const MAX_LISTED_NAMES = 10;

const isHighSurrogate = (code: number): boolean => code >= 0xd800 && code <= 0xdbff;

/** A text of so many characters at most; of a longer one its beginning, ended by an ellipsis, and never half a character. */
export function shorten(text: string, maxChars: number = MAX_SHOWN_CHARS): string {
  if (text.length <= maxChars) return text;
  const end = maxChars - 1;
  return `${text.slice(0, isHighSurrogate(text.charCodeAt(end - 1)) ? end - 1 : end)}…`;
}

/** Names in one line, each shortened; of many the first ten, and how many more there are. */
export function listed(names: readonly string[]): string {
  const shown = names.slice(0, MAX_LISTED_NAMES).map((name) => shorten(name));
  const more = names.length - shown.length;
  return more === 0 ? shown.join(", ") : `${shown.join(", ")} and ${more} more`;
}
