import * as v from "valibot";

import { RequestDescriptionSchema } from "../decide/request-description.ts";
import { strictObject } from "../lib/strict-object.ts";
import { answer, type Definition } from "./definition.ts";
import { AnySchema, Count, InstantText, VersionSchema } from "./shared.ts";

export const ExplainSchema = strictObject({ request: RequestDescriptionSchema }, "request");

/** Of a version, of a draft, or of what is newest. */
export const ExplainRouteSchema = strictObject(
  {
    request: RequestDescriptionSchema,
    version: v.exactOptional(VersionSchema),
    policy: v.exactOptional(AnySchema),
  },
  "request",
);

/** A decision, and every step to it. */
const EXPLANATION = answer(
  "Explanation",
  v.object({
    key: v.string(),
    version: v.nullable(Count),
    fingerprint: v.exactOptional(v.string()),
    /** Keys that go first and are outside the caller's scope: nobody looked whether a route is there. */
    outOfScope: v.exactOptional(v.array(v.string())),
    at: InstantText,
    path: v.string(),
    drawn: v.boolean(),
    summary: v.string(),
    steps: v.array(v.object({ step: v.string(), outcome: v.string() })),
    decision: v.nullable(
      v.object({
        variant: v.string(),
        reason: v.string(),
        because: v.string(),
        origin: v.string(),
        /** The host that is connected to in place of the origin's own. */
        resolve: v.exactOptional(v.string()),
        /** The gateway's binding that the request goes through. */
        via: v.exactOptional(v.string()),
        path: v.string(),
        counted: v.boolean(),
        /** The split's name, and the label of its shares at that time. */
        experiment: v.exactOptional(v.string()),
        allocation: v.exactOptional(v.string()),
        mirrored: v.boolean(),
        setsCookie: v.boolean(),
        visitor: v.nullable(v.string()),
      }),
    ),
    /** What the gateway answers itself. */
    answer: v.nullable(v.object({ status: Count, location: v.nullable(v.string()) })),
  }),
);

export const EXPLAIN = {
  explainRoute: {
    method: "POST",
    path: "/routes/:key/explain",
    role: "read",
    summary:
      "Which variant a request gets from this route, and why, at any time and for any version",
    body: ExplainRouteSchema,
    answers: { 200: EXPLANATION },
    problems: [
      "body-invalid",
      "route-not-found",
      "version-not-found",
      "request-elsewhere",
      "policy-refused",
    ],
  },
  explain: {
    method: "POST",
    path: "/explain",
    role: "read",
    summary: "Which route and variant a request leads to now, and why",
    body: ExplainSchema,
    answers: { 200: EXPLANATION },
    problems: ["body-invalid", "route-not-found", "policy-refused"],
  },
} as const satisfies Record<string, Definition>;
