import { plain } from "./plain.ts";

/** What a spreadsheet takes for the beginning of a formula (OWASP, "CSV Injection"), in both widths. */
const FORMULA = /^[=+\-@＝＋－＠]/;

/** What must stand within quotes (RFC 4180 §2). */
const QUOTED = /[",\r\n]|^ | $/;

/**
 * A cell of a CSV file. What a spreadsheet would run begins with an apostrophe instead, and control
 * characters become U+FFFD.
 */
function cell(value: string | number | boolean): string {
  if (typeof value !== "string") return String(value);
  const text = plain(value);
  const harmless = FORMULA.test(text) ? `'${text}` : text;
  return QUOTED.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

/** A line of a CSV file (RFC 4180), with its end. */
export const csvLine = (cells: readonly (string | number | boolean)[]): string =>
  `${cells.map(cell).join(",")}\r\n`;
