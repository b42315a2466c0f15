/** What is drawn of a comparison: a difference, and between what it lies. */
export interface Interval {
  readonly difference: number;
  readonly low: number;
  readonly high: number;
}

/**
 * Draws an interval in `width` characters (an odd number) around a line at zero, from `-scale` to
 * `scale`: `│` is zero, `┼` zero within the interval, `●` the difference. An end beyond the scale
 * is an arrow.
 */
export function intervalBar(
  { difference, low, high }: Interval,
  scale: number,
  width: number,
): string {
  const middle = (width - 1) / 2;
  const at = (value: number): number =>
    middle + (scale > 0 ? Math.round((value / scale) * middle) : 0);
  const within = (place: number): number => Math.min(width - 1, Math.max(0, place));
  const [from, to] = [within(at(low)), within(at(high))];
  const cells = Array.from({ length: width }, (_, place): string => {
    const inside = place >= from && place <= to;
    if (place === middle) return inside ? "┼" : "│";
    return inside ? "─" : " ";
  });
  if (at(low) < 0) cells[0] = "◂";
  if (at(high) >= width) cells[width - 1] = "▸";
  cells[within(at(difference))] = "●";
  return cells.join("");
}
