import type { RAMP_STATES } from "../report/answers.ts";

type RampState = (typeof RAMP_STATES)[number];

/** How a ramp is, in a sentence about it, and a sign for lists; none for what is over. */
export const RAMP_WORDS = {
  scheduled: { words: "has yet to begin", sign: "◷" },
  running: { words: "goes on by the clock", sign: "↗" },
  waiting: { words: "stands until its next step is earned", sign: "⇡" },
  paused: { words: "stands until somebody resumes it", sign: "‖" },
  done: { words: "is at its end", sign: undefined },
} as const satisfies Readonly<
  Record<RampState, { readonly words: string; readonly sign: string | undefined }>
>;

/** For a list in which the clock, not a ramp, changes the shares: a cut-over, the end of a lease. */
export const CLOCK_SIGN = RAMP_WORDS.scheduled.sign;
