/** A text with its percent-encodings decoded (RFC 3986 §2.1); the text as it is where one of them is broken. */
export function percentDecoded(text: string): string {
  if (!text.includes("%")) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
