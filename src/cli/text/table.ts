import type { Io } from "../io.ts";
import { plain } from "./plain.ts";
import { style, unstyled } from "./style.ts";

const segmenter = new Intl.Segmenter();
const widthOf = (cell: string): number =>
  Array.from(segmenter.segment(plain(unstyled(cell)))).length;

/** Lines of left-aligned columns, two spaces apart, without spaces at the ends of lines. */
export function columns(rows: readonly (readonly string[])[]): string[] {
  const count = Math.max(0, ...rows.map((row) => row.length));
  const widths = Array.from({ length: count }, (_, at) =>
    Math.max(...rows.map((row) => widthOf(row[at] ?? ""))),
  );
  return rows.map((row) =>
    row
      .map((cell, at) => cell + " ".repeat((widths[at] ?? 0) - widthOf(cell)))
      .join("  ")
      .trimEnd(),
  );
}

/** Lines of left-aligned columns, two spaces apart, below a heading. */
export function table(
  io: Io,
  heading: readonly string[],
  rows: readonly (readonly string[])[],
): string[] {
  return columns([heading.map((cell) => style(io, "dim", cell)), ...rows]);
}
