import { styleText } from "node:util";

import type { Io } from "../io.ts";

type Format = "bold" | "dim" | "red" | "green" | "yellow" | "cyan";

/** Dresses text for a terminal; gives it back as it is where there is none. */
export function style(io: Io, format: Format, text: string): string {
  return io.colour ? styleText(format, text, { validateStream: false }) : text;
}
