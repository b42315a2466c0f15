/** A text with its percent-encodings decoded (RFC 3986 §2.1); the text as it is where one of them is broken. */
export function percentDecoded(text: string): string {
  if (!text.includes("%")) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const ESCAPES = /%([0-9a-f]{2})/gi;

/** A text with every percent-encoded byte as a character, whatever is broken beside it: as lenient servers read it. */
export const bytesDecoded = (text: string): string =>
  text.replaceAll(ESCAPES, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
