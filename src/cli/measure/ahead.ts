import { percent } from "../text/bars.ts";
import { shortName } from "./figures.ts";
import type { ExperimentStatus } from "./shapes.ts";

type Sign = "◷" | "↗" | "⇡" | "‖";

const STATES: Readonly<
  Record<NonNullable<ExperimentStatus["ramp"]>["state"], readonly [says: string, sign?: Sign]>
> = {
  scheduled: ["has yet to begin", "◷"],
  running: ["goes on by the clock", "↗"],
  waiting: ["stands until its next step is earned", "⇡"],
  paused: ["is paused", "‖"],
  done: ["is at its end"],
};

/** What the signs in the list stand for. */
const LEGEND: Readonly<Record<Sign, string>> = {
  "◷": "the clock will change the shares",
  "↗": "a ramp goes on by the clock",
  "⇡": "a ramp stands until its next step is earned",
  "‖": "a ramp is paused",
};

/** A sign for what is ahead of a split by its policy; empty where that is nothing. */
export function aheadSign({ ramp, next }: Pick<ExperimentStatus, "ramp" | "next">): Sign | "" {
  const [, sign] = ramp === undefined ? [] : STATES[ramp.state];
  return sign ?? (next === undefined ? "" : "◷");
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
    told.push(`ramp at step ${ramp.begun} of ${ramp.steps}, ${STATES[ramp.state][0]}`);
  if (next !== undefined) {
    const shares = Object.entries(next.shares).map(
      ([name, share]) => `${shortName(name, NAME_CHARS)} ${percent(share)}`,
    );
    told.push(`from ${next.at.slice(0, 16).replace("T", " ")} UTC on ${shares.join(", ")}`);
  }
  return told.join("; ");
}
