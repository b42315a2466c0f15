/** Rows drawn above and below what is in view, so that a quick scroll finds them there. */
const SPARE_ROWS = 6;

/** What is known of a list that scrolls; all lengths in CSS pixels. */
export interface Scrolled {
  readonly top: number;
  readonly height: number;
  readonly rowHeight: number;
  readonly rows: number;
}

/** Rows from `first` to before `end`. */
export interface Range {
  readonly first: number;
  readonly end: number;
}

/** The rows to draw: those in view, and some more. */
export function windowOf({ top, height, rowHeight, rows }: Scrolled): Range {
  const shown = Math.ceil(height / rowHeight) + 1;
  const first = Math.max(0, Math.min(Math.floor(top / rowHeight), rows - shown) - SPARE_ROWS);
  return { first, end: Math.min(rows, first + shown + 2 * SPARE_ROWS) };
}

/** Where to scroll to so that a row is in view, moving as little as can be. */
export function topFor(row: number, { top, height, rowHeight }: Omit<Scrolled, "rows">): number {
  const [from, to] = [row * rowHeight, (row + 1) * rowHeight];
  if (from < top) return from;
  return to > top + height ? to - height : top;
}
