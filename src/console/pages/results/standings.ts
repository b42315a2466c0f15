import type { Standing } from "../../../stats/types.ts";
import type { Tone } from "../../parts/badge.tsx";

interface StandingWords {
  readonly tone: Tone;
  /** Whether it is over, in as few words as can be. */
  readonly words: string;
  /** What to do about it. */
  readonly advice: string;
}

/** What each standing of an experiment means to whoever waits for its end. */
export const STANDING_WORDS: Readonly<Record<Standing, StandingWords>> = {
  impossible: {
    tone: "warn",
    words: "No verdict possible",
    advice: "It will not come by waiting: change what the sentence says.",
  },
  untrusted: {
    tone: "bad",
    words: "Do not trust this",
    advice: "The split is not what the policy says. Find out why before anything else.",
  },
  "too-early": { tone: "none", words: "Too early", advice: "Wait: nothing can be told yet." },
  undecided: {
    tone: "none",
    words: "Not decided yet",
    advice: "Better and worse are both still possible. Wait, or stop where no effect is fine too.",
  },
  ahead: {
    tone: "accent",
    words: "Decided by its figures, not over a whole week yet",
    advice: "Weekdays differ: wait for the days that are missing.",
  },
  decided: {
    tone: "good",
    words: "Safe to stop",
    advice: "The figures are decided, over a whole week at least.",
  },
};
