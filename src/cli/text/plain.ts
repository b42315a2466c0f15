/**
 * What can move a terminal's cursor, recolour or hide what follows, or show text in another order
 * than it has: the controls C0 and C1 with DEL, the line and paragraph separators, and Unicode's
 * bidirectional controls (UAX #9 §2, "Trojan Source").
 */
const CONTROLS =
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  /[\u0000-\u001F\u007F-\u009F\u061C\u200E\u200F\u2028-\u202E\u2066-\u2069]/g;

/** Text as one line that a terminal shows as it stands: each control character becomes U+FFFD. */
export function plain(text: string): string {
  return text.replaceAll(CONTROLS, "\uFFFD");
}

/** Text as it is, its control characters escaped as JSON and YAML have it within double quotes; line feeds lay it out. */
export function escaped(text: string): string {
  return text.replaceAll(CONTROLS, (control) =>
    control === "\n" ? control : `\\u${control.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** A value as JSON, with the control characters that JSON itself would let through escaped; `indent` is as in `JSON.stringify`. */
export function jsonText(value: unknown, indent = 0): string {
  return escaped(JSON.stringify(value, null, indent) ?? "null");
}
