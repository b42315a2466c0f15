import * as v from "valibot";

import { expected, list, message, strictObject, words } from "../lib/strict-object.ts";
import { MAX_HOLD_SECONDS, MAX_STEPS } from "./limits.ts";
import { InstantSchema, percent, whole, word } from "./values.ts";

const StepSchema = strictObject(
  { percent: percent(), holdSeconds: v.exactOptional(whole(1, MAX_HOLD_SECONDS, 1800)) },
  words("step"),
);

/** A percent that is a function of the clock. */
export const RampSchema = strictObject(
  {
    startAt: InstantSchema,
    steps: v.pipe(
      list(
        StepSchema,
        expected(
          "be a list of steps",
          'write [{"percent": 1, "holdSeconds": 1800}, {"percent": 100}]',
        ),
      ),
      v.minLength(1, message("must hold one step at least", 'write [{"percent": 100}]')),
      v.maxLength(
        MAX_STEPS,
        message(() => `may hold ${MAX_STEPS} steps at most`, "take steps out"),
      ),
    ),
    pausedAt: v.exactOptional(v.nullable(InstantSchema)),
    earned: v.exactOptional(whole(0, MAX_STEPS - 1, 0)),
  },
  words("ramp"),
);

/** Until when a canary may have visitors at all. */
export const LeaseSchema = strictObject({ until: InstantSchema }, words("lease"));

/** A cut-over at one instant everywhere. */
export const NextSchema = strictObject(
  {
    active: word(["blue", "green"]),
    at: InstantSchema,
    drainSeconds: v.exactOptional(whole(0, MAX_HOLD_SECONDS, 600)),
  },
  words("cut-over"),
);

export type RampInput = v.InferOutput<typeof RampSchema>;
export type LeaseInput = v.InferOutput<typeof LeaseSchema>;
export type NextInput = v.InferOutput<typeof NextSchema>;
