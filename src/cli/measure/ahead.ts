import { CLOCK_SIGN, RAMP_WORDS } from "../../api/ramp-words.ts";
import { percent } from "../text/bars.ts";
import { shortName } from "./figures.ts";
import type { ExperimentStatus } from "./shapes.ts";

type Sign = NonNullable<(typeof RAMP_WORDS)[keyof typeof RAMP_WORDS]["sign"]>;

/** What the signs in the list stand for. */
const LEGEND: Readonly<Record<Sign, string>> = {
  [CLOCK_SIGN]: "the clock will change the shares",
  [RAMP_WORDS.running.sign]: `a ramp ${RAMP_WORDS.running.words}`,
  [RAMP_WORDS.waiting.sign]: `a ramp ${RAMP_WORDS.waiting.words}`,
  [RAMP_WORDS.paused.sign]: `a ramp ${RAMP_WORDS.paused.words}`,
};

/** A sign for what is ahead of a split by its policy; empty where that is nothing. */
export function aheadSign({ ramp, next }: Pick<ExperimentStatus, "ramp" | "next">): Sign | "" {
  const sign = ramp && RAMP_WORDS[ramp.state].sign;
  return sign ?? (next === undefined ? "" : CLOCK_SIGN);
}

/** What the signs stand for that are there. */
export function aheadLegend(experiments: readonly ExperimentStatus[]): string[] {
  const signs = new Set(experiments.map(aheadSign));
  return Object.entries(LEGEND).flatMap(([sign, words]) =>
    [...signs].some((one) => one === sign) ? [`${sign} ${words}`] : [],
  );
}

/** A name in a sentence. */
const NAME_CHARS = 24;

/** What is ahead of a split by its policy, in a sentence; empty where there is nothing to say. */
export function aheadWords({ ramp, next }: Pick<ExperimentStatus, "ramp" | "next">): string {
  const told: string[] = [];
  if (ramp !== undefined)
    told.push(`ramp at step ${ramp.begun} of ${ramp.steps}, ${RAMP_WORDS[ramp.state].words}`);
  if (next !== undefined) {
    const shares = Object.entries(next.shares).map(
      ([name, share]) => `${shortName(name, NAME_CHARS)} ${percent(share)}`,
    );
    told.push(`from ${next.at.slice(0, 16).replace("T", " ")} UTC on ${shares.join(", ")}`);
  }
  return told.join("; ");
}
