import { percent, whole } from "../words.ts";
import { logEvidenceBelow, upperBound, type Arm } from "./difference.ts";
import { logPart } from "./evidence.ts";
import type { EarnData, Earned } from "./types.ts";

const PERCENT = 100;

/** What a step may be earned with in error, by a canary whose failures are above what is allowed: an interval's 5 %. */
const ALPHA = 0.05;

/** Visitors to wait for that are more than anybody does. */
const MOST_VISITORS = 1e9;

/** Halvings of a factor between two powers of two: to a thousandth of it, of which two digits are told. */
const STEPS = 10;

const grown = ({ visitors, failed }: Arm, by: number): Arm => ({
  visitors: visitors * by,
  failed: failed * by,
});

/** The error that is left to a sample which was halved so often. */
const alphaOf = ({ halvings = 0 }: EarnData): number => ALPHA * Math.exp(logPart(halvings));

/** Whether a step is earned where the sample has grown by a factor, by visitors who fail as often. */
function isEnough(data: EarnData, canary: Arm, by: number): boolean {
  const visitors = canary.visitors * by;
  const increase = data.maxIncrease / PERCENT;
  const logE = logEvidenceBelow(grown(canary, by), grown(data.control, by), increase);
  return visitors >= data.minVisitors && logE >= -Math.log(alphaOf(data));
}

/** Whether a step is earned, without the words: for those who ask very often. */
export const isEarned = (data: EarnData): boolean => isEnough(data, data.canary, 1);

/** Visitors of the canary that a step takes in all, where it goes on as it did; undefined where that is not to be told. */
function visitorsNeeded(data: EarnData): number | undefined {
  // Nobody yet is foretold as one who did not fail.
  const canary = data.canary.visitors === 0 ? { visitors: 1, failed: 0 } : data.canary;
  let high = 1;
  while (!isEnough(data, canary, high)) {
    high *= 2;
    if (canary.visitors * high > MOST_VISITORS) return undefined;
  }
  let low = high / 2;
  for (let left = STEPS; left > 0; left -= 1) {
    const middle = (low + high) / 2;
    if (isEnough(data, canary, middle)) high = middle;
    else low = middle;
  }
  return Math.ceil(canary.visitors * high);
}

/** As many to two digits, rounded up: what is foretold is known no better. */
function about(visitors: number): string {
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(visitors)) - 1);
  return whole(Math.ceil(visitors / unit) * unit);
}

function seen({ canary, control }: EarnData): string {
  const told = ({ visitors, failed }: Arm) => {
    const share = failed === 0 ? "" : ` (${percent(failed / visitors)})`;
    return `${whole(failed)}${share} of ${whole(visitors)}`;
  };
  return `${told(canary)} visitors of the canary had a failure, and ${told(control)} of the control`;
}

/**
 * Whether a ramp's next step is earned: `minVisitors` were exposed in this one, and the upper bound of what the
 * canary's failures are above the control's is below `maxIncrease`. "No breach yet" earns nothing. A canary that is
 * worse by that much or more earns a step in error at most 5 times of 100, however often anybody asks.
 */
export function earned(data: EarnData): Earned {
  const { canary, control, minVisitors, maxIncrease } = data;
  const increase = maxIncrease / PERCENT;
  if (isEarned(data)) {
    const bound = upperBound(canary, control, increase, alphaOf(data)) * PERCENT;
    const evidence = `${seen(data)}: at most ${bound.toFixed(2)} points more, below the limit of ${maxIncrease}.`;
    return { earned: true, evidence };
  }
  const needed = visitorsNeeded(data);
  if (needed === undefined) {
    const missing = `${seen(data)}: the limit is ${maxIncrease} points more, and as it goes no number of visitors shows that the canary is below it.`;
    return { earned: false, missing };
  }
  const more = `about ${about(Math.max(1, needed - canary.visitors))} more visitors of the canary`;
  const why =
    canary.visitors < minVisitors
      ? `${whole(minVisitors)} are wanted at least`
      : `so that its failures are surely less than ${maxIncrease} points above the control's`;
  return { earned: false, missing: `The step needs ${more}, ${why}; ${seen(data)} so far.` };
}
