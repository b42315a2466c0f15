/** What is drawn of a comparison. */
export interface Interval {
  readonly difference: number;
  readonly low: number;
  readonly high: number;
}

interface Compared {
  readonly verdict: string;
  readonly difference: number | null;
  readonly low: number | null;
  readonly high: number | null;
}

/** Lines of an axis on each side of zero, at most. */
const MAX_STEPS = 3;

/** The numbers of a comparison where they say something: before that they are as far apart as any two variants can be. */
export function intervalOf({ verdict, difference, low, high }: Compared): Interval | undefined {
  if (verdict === "too-early" || difference === null || low === null || high === null)
    return undefined;
  return { difference, low, high };
}

/** An axis around zero: where it ends on both sides, and how far its lines are apart. */
export interface Scale {
  readonly end: number;
  readonly step: number;
}

/** The axis on which all these intervals have room: round steps (1, 2 or 5 of a power of ten), at most three a side. */
export function scaleOf(intervals: readonly Interval[]): Scale {
  const reach = Math.max(
    0,
    ...intervals.flatMap(({ low, high }) => [Math.abs(low), Math.abs(high)]),
  );
  if (!(reach > 0)) return { end: 1, step: 1 };
  const least = reach / MAX_STEPS;
  const power = 10 ** Math.floor(Math.log10(least));
  const step = power * ([1, 2, 5].find((one) => one * power >= least) ?? 10);
  return { end: step * Math.ceil(reach / step - 1e-9), step };
}

/** Where the lines of an axis stand, from left to right. */
export function linesOf({ end, step }: Scale): number[] {
  const steps = Math.round(end / step);
  return Array.from({ length: 2 * steps + 1 }, (_, at) => (at - steps) * step);
}

/** Where on the axis a value stands, in percent of its width. */
export const placeOf = (value: number, { end }: Scale): number => 50 + (value / end) * 50;
