import type { Io } from "../io.ts";
import { plain } from "./plain.ts";
import { style, unstyled } from "./style.ts";

/** Making one takes a tenth of the time of a whole command. */
let segmenter: Intl.Segmenter | undefined;

/** How many characters a reader sees in a cell. */
function widthOf(cell: string): number {
  const shown = plain(unstyled(cell));
  // In ASCII each stands for itself.
  if (/^[ -~]*$/.test(shown)) return shown.length;
  segmenter ??= new Intl.Segmenter();
  return Array.from(segmenter.segment(shown)).length;
}

/** How wide each column of these rows is. */
function widthsOf(rows: readonly (readonly string[])[]): number[] {
  const count = Math.max(0, ...rows.map((row) => row.length));
  return Array.from({ length: count }, (_, at) =>
    Math.max(...rows.map((row) => widthOf(row[at] ?? ""))),
  );
}

/** How many characters of a line are left for one more column. */
export function leftOf(line: number, rows: readonly (readonly string[])[]): number {
  return widthsOf(rows).reduce((left, width) => left - width - 2, line);
}

/** Lines of columns, two spaces apart, without spaces at the ends of lines: left-aligned, but those whose index is in `right`. */
export function columns(
  rows: readonly (readonly string[])[],
  right: ReadonlySet<number> = new Set(),
): string[] {
  const widths = widthsOf(rows);
  return rows.map((row) =>
    row
      .map((cell, at) => {
        const space = " ".repeat((widths[at] ?? 0) - widthOf(cell));
        return right.has(at) ? space + cell : cell + space;
      })
      .join("  ")
      .trimEnd(),
  );
}

/** Lines of columns, two spaces apart, below a heading; aligned as {@link columns} has it. */
export function table(
  io: Io,
  heading: readonly string[],
  rows: readonly (readonly string[])[],
  right?: ReadonlySet<number>,
): string[] {
  return columns([heading.map((cell) => style(io, "dim", cell)), ...rows], right);
}
