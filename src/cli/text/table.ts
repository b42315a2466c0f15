import { stripVTControlCharacters } from "node:util";

import type { Io } from "../io.ts";
import { style } from "./style.ts";

const segmenter = new Intl.Segmenter();
const widthOf = (text: string): number =>
  Array.from(segmenter.segment(stripVTControlCharacters(text))).length;

/** Left-aligned columns, two spaces apart, without spaces at the ends of lines. */
export function columns(rows: readonly (readonly string[])[]): string {
  const count = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: count }, (_, at) =>
    Math.max(...rows.map((row) => widthOf(row[at] ?? ""))),
  );
  return rows
    .map((row) =>
      row
        .map((cell, at) => cell + " ".repeat((widths[at] ?? 0) - widthOf(cell)))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

/** The same with a heading. */
export function table(
  io: Io,
  heading: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  return columns([heading.map((cell) => style(io, "dim", cell)), ...rows]);
}
