import * as v from "valibot";

import { exact, say, tell } from "./exact.ts";
import { MAX_HOLD_SECONDS, MAX_STEPS } from "./limits.ts";
import { InstantSchema, percent, whole, word } from "./values.ts";

const StepSchema = exact(
  { percent: percent(), holdSeconds: v.exactOptional(whole(1, MAX_HOLD_SECONDS, 1800)) },
  "step",
);

/** A percent that is a function of the clock. */
export const RampSchema = exact(
  {
    startAt: InstantSchema,
    steps: v.pipe(
      v.array(
        StepSchema,
        say("be a list of steps", 'write [{"percent": 1, "holdSeconds": 1800}, {"percent": 100}]'),
      ),
      v.minLength(1, tell("must hold one step at least", 'write [{"percent": 100}]')),
      v.maxLength(MAX_STEPS, tell(`may hold ${MAX_STEPS} steps at most`, "take steps out")),
    ),
    pausedAt: v.exactOptional(v.nullable(InstantSchema)),
  },
  "ramp",
);

/** Until when a canary may have visitors at all. */
export const LeaseSchema = exact({ until: InstantSchema }, "lease");

/** A cut-over at one instant everywhere. */
export const NextSchema = exact(
  {
    active: word(["blue", "green"]),
    at: InstantSchema,
    drainSeconds: v.exactOptional(whole(0, MAX_HOLD_SECONDS, 600)),
  },
  "cut-over",
);

export type RampInput = v.InferOutput<typeof RampSchema>;
