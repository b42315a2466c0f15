import { randomBytes } from "node:crypto";
import { inspect } from "node:util";

import type { Io } from "../io.ts";
import { plain } from "./plain.ts";

const FORMATS = ["bold", "dim", "red", "green", "yellow", "cyan"] as const;
type Format = (typeof FORMATS)[number];

/**
 * Stands where a style begins or ends until the line is written. Drawn anew for each process, so
 * that no text of others can hold it, and none can be taken for ours.
 */
const MARK = randomBytes(16).toString("hex");
const MARKS = new RegExp(`${MARK}([+-])(${FORMATS.join("|")});`, "g");

/** Marks text to be dressed when it is written to a terminal; gives it back as it is where there is none. */
export function style(io: Io, format: Format, text: string): string {
  return io.colour ? `${MARK}+${format};${text}${MARK}-${format};` : text;
}

/** What a line shows, without its styles. */
export function unstyled(line: string): string {
  return line.replaceAll(MARKS, "");
}

/** A line as it is written: no control character is left in it but those of its own styles. */
export function dressed(line: string): string {
  return plain(line).replaceAll(MARKS, (_mark, sign: string, format: Format) => {
    const [on, off] = inspect.colors[format] ?? [0, 0];
    return `\u001B[${sign === "+" ? on : off}m`;
  });
}
