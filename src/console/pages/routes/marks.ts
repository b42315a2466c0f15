import { CLOCK_SIGN, RAMP_WORDS } from "../../../api/ramp-words.ts";
import { localTime, shareWords } from "../../data/format.ts";
import type { Tone } from "../../parts/tone.ts";
import type { RouteStatus } from "./chain.ts";

export type Experiment = RouteStatus["experiments"][number];

/** Something about a route that one would want to be told. */
export interface Mark {
  readonly word: string;
  readonly tone: Tone;
  /** Stands before the word, in place of the tone's own sign. */
  readonly sign?: string;
  /** What there is to tell, in a sentence. */
  readonly title: string;
}

type Look = Omit<Mark, "title">;

/** How much a tone wants to be looked at. */
export const WEIGHTS: Readonly<Record<Tone, number>> = {
  bad: 3,
  warn: 2,
  accent: 1,
  good: 0,
  none: 0,
};

const GUARD_MARKS: Readonly<Record<NonNullable<Experiment["guard"]>, Look>> = {
  acted: { word: "guard acted", tone: "bad" },
  alerted: { word: "guard alerted", tone: "bad" },
  watching: { word: "guard watching", tone: "accent" },
  healthy: { word: "guard healthy", tone: "good" },
};

const SRM_MARKS: Readonly<Record<Experiment["srm"], Look | undefined>> = {
  alert: { word: "split is off", tone: "bad" },
  warn: { word: "split in doubt", tone: "warn" },
  ok: undefined,
};

type Ramp = NonNullable<Experiment["ramp"]>;

/** What a ramp is called on its mark; nothing where it is at its end. */
const RAMP_MARKS: Readonly<Record<Ramp["state"], string | undefined>> = {
  scheduled: "ramp set",
  running: "ramp",
  waiting: "ramp waits",
  paused: "ramp paused",
  done: undefined,
};

const CHANGE: Look = { word: "change due", tone: "accent", sign: CLOCK_SIGN };

/** How a ramp is, or that the clock changes the shares in another way: a cut-over, the end of a lease. */
function aheadMark({ experiment, ramp, next }: Experiment): Mark | undefined {
  const then =
    next === undefined
      ? ""
      : ` From ${localTime(next.at)} on: ${shareWords(Object.entries(next.shares))}.`;
  const name = ramp && RAMP_MARKS[ramp.state];
  if (ramp !== undefined && name !== undefined) {
    const { words, sign } = RAMP_WORDS[ramp.state];
    const word = ramp.state === "running" ? `${name} ${ramp.begun}/${ramp.steps}` : name;
    const title = `${experiment}: the ramp is at step ${ramp.begun} of ${ramp.steps}, and ${words}.${then}`;
    return { word, tone: "accent", ...(sign && { sign }), title };
  }
  return next === undefined ? undefined : { ...CHANGE, title: `${experiment}:${then}` };
}

/** What is to be told of a route, what wants to be looked at most before the rest. */
export function marksOf({ drift, experiments }: RouteStatus): Mark[] {
  const marks: Mark[] = [];
  if (drift)
    marks.push({ word: "drift", tone: "warn", title: "KV has a value that was put there by hand" });
  for (const one of experiments) {
    const { experiment, guard, srm } = one;
    const ratio = SRM_MARKS[srm];
    if (ratio !== undefined)
      marks.push({
        ...ratio,
        title: `${experiment}: visitors are not split as the policy says (sample ratio mismatch)`,
      });
    const ahead = aheadMark(one);
    if (ahead !== undefined) marks.push(ahead);
    if (guard !== null)
      marks.push({ ...GUARD_MARKS[guard], title: `${experiment}: the guard's verdict` });
  }
  return marks.toSorted((one, other) => WEIGHTS[other.tone] - WEIGHTS[one.tone]);
}
