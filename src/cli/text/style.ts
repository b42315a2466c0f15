import { styleText } from "node:util";

import type { Io } from "../io.ts";

type Format = "bold" | "dim" | "red" | "green" | "yellow" | "cyan";

/** Dresses text for a terminal; gives it back as it is where there is none. */
export function style(io: Io, format: Format, text: string): string {
  return io.colour ? styleText(format, text, { validateStream: false }) : text;
}

/** Text of others on its way to a terminal: no control character in it can move the cursor or recolour what follows. */
export function plain(text: string): string {
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  return text.replaceAll(/[\u0000-\u001F\u007F-\u009F]/g, "\uFFFD");
}
