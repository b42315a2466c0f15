import * as v from "valibot";

import type { ExposureLine } from "../report/answers.ts";
import { answer, LINES, type Definition } from "./definition.ts";
import { Count, InstantText } from "./shared.ts";

/** One visitor of the sample in one experiment: one line of the answer. */
export const ExposureSchema: v.GenericSchema<ExposureLine> = v.object({
  digest: v.string(),
  experiment: v.string(),
  allocation: v.string(),
  variant: v.string(),
  firstSeen: InstantText,
  failed: v.boolean(),
  goals: v.record(v.string(), v.object({ count: Count, value: v.number() })),
});

const EXPOSURES = { ...answer("Exposure", ExposureSchema), type: LINES } as const;

/** Whether there was anything to delete of a visitor. */
const FORGOTTEN = answer(
  "Forgotten",
  v.object({ route: v.string(), digest: v.string(), forgotten: v.boolean() }),
);

export const EXPOSURE_OPERATIONS = {
  exposures: {
    method: "GET",
    path: "/routes/:key/exposures",
    role: "read",
    summary: "The sample, a line of JSON for each visitor and experiment",
    answers: { 200: EXPOSURES },
    problems: ["route-not-found", "hub-unavailable"],
  },
  forgetVisitor: {
    method: "DELETE",
    path: "/routes/:key/exposures/:digest",
    role: "write",
    summary: "Delete all that is kept of a visitor of this route",
    answers: { 200: FORGOTTEN },
    problems: ["digest-invalid", "route-not-found", "hub-unavailable"],
  },
} as const satisfies Record<string, Definition>;
