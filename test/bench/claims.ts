import { CONFIDENCE, showInterval, type Interval } from "./interval.ts";
import { table } from "./report.ts";

/** Something promised of what was measured: that it is at most the bar. */
export interface Claim {
  readonly what: string;
  readonly bar: number;
  readonly unit: string;
  readonly digits: number;
  /** An interval, or a count that is what it is. */
  readonly measured: Interval | number;
}

export type Verdict = "held" | "not held" | "not resolved";

/** What an interval says of a bar: only where all of it lies on one side is anything known. */
export function judge({ measured, bar }: Pick<Claim, "measured" | "bar">): Verdict {
  if (typeof measured === "number") return measured <= bar ? "held" : "not held";
  // Of too few values the interval is narrower than it should be.
  if (measured.coverage < CONFIDENCE) return "not resolved";
  if (measured.high <= bar) return "held";
  return measured.low > bar ? "not held" : "not resolved";
}

/** The claims as a table. */
export function showClaims(claims: readonly Claim[]): string {
  const rows = claims.map((claim) => {
    const { measured, digits, unit } = claim;
    const text =
      typeof measured === "number" ? measured.toFixed(digits) : showInterval(measured, digits);
    return [claim.what, `≤ ${claim.bar} ${unit}`.trim(), text, judge(claim)];
  });
  return table(["goal", "bar", "measured", ""], rows);
}
