import * as v from "valibot";

import { answer } from "./definition.ts";
import type { ProblemCode } from "./problems.ts";
import { AUTHORED_FIELDS, Count, IssueSchema, PlanSchema, ReplacedSchema } from "./shared.ts";

/** What an accepted edit came to. */
export const EDITED = answer(
  "Edited",
  v.object({
    key: v.string(),
    version: Count,
    published: Count,
    ...AUTHORED_FIELDS,
    /** Whether nothing had to be done, so that no version was made. */
    unchanged: v.boolean(),
    /** Why nothing had to be done, where an action says so. */
    reason: v.exactOptional(v.string()),
    plan: v.exactOptional(PlanSchema),
    warnings: v.array(IssueSchema),
    replaced: v.exactOptional(ReplacedSchema),
  }),
);

/** What an accepted edit came to, as the API tells it. */
export type Edited = v.InferOutput<typeof EDITED.schema>;

/** The answers of an edit that may bring a route into being. */
export const EDITED_OR_CREATED = { 200: EDITED, 201: EDITED } as const;

/** What every edit may refuse. */
export const EDIT_PROBLEMS = [
  "body-invalid",
  "header-invalid",
  "route-not-found",
  "drift",
  "reshuffle",
  "precondition-failed",
  "precondition-required",
  "policy-refused",
  "idempotency-mismatch",
  "ledger-full",
] as const satisfies readonly ProblemCode[];
