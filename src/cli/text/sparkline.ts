const LEVELS = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"];

/**
 * Numbers from 0 up as a line of small columns, the highest of them as high as it goes. Of more than
 * `width` numbers the last are drawn.
 */
export function sparkline(values: readonly number[], width: number): string {
  const shown = values.slice(-width);
  const highest = Math.max(...shown, 0);
  return shown
    .map((value) => {
      // What is more than nothing is never drawn as nothing.
      const level =
        value > 0 ? Math.max(1, Math.round((value / highest) * (LEVELS.length - 1))) : 0;
      return LEVELS[level] ?? "";
    })
    .join("");
}
