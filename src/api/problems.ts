import * as v from "valibot";

import { HealthSchema } from "./health-form.ts";
import { ChangeSchema, Count, InstantText, IssueSchema, PlanSchema } from "./shared.ts";

/** What the API refuses, each with its status and a line for people. Nothing internal ever reaches a caller. */
export const PROBLEMS = {
  "body-invalid": { status: 400, title: "The body is not what this request takes" },
  "query-invalid": { status: 400, title: "The query is not what this request takes" },
  "key-invalid": { status: 400, title: "This is not a route key" },
  "digest-invalid": { status: 400, title: "This is not the digest of a visitor" },
  "header-invalid": { status: 400, title: "A header is not what this request takes" },
  unauthorized: { status: 401, title: "Prove who you are" },
  "cross-site": { status: 403, title: "A page of another site may not ask this" },
  forbidden: { status: 403, title: "This is not yours to do" },
  "not-found": { status: 404, title: "There is nothing here" },
  "route-not-found": { status: 404, title: "There is no such route" },
  "version-not-found": { status: 404, title: "There is no such version" },
  "method-not-allowed": { status: 405, title: "This is done by another method" },
  "action-refused": { status: 409, title: "The action does not fit the policy" },
  drift: { status: 409, title: "KV was changed by something other than this API" },
  "no-drift": { status: 409, title: "KV has nothing to adopt" },
  "links-off": { status: 409, title: "QA links need the secret OVERRIDE_SECRET" },
  "sessions-off": { status: 409, title: "Signing in to the console by token is off" },
  "taken-back": { status: 409, title: "Somebody has taken back what this would bring again" },
  "guard-acted": { status: 409, title: "This would give back what a guard has taken back" },
  "gateway-too-old": { status: 409, title: "A gateway that serves does not know all of this" },
  reshuffle: { status: 409, title: "Visitors would be drawn anew without need" },
  "precondition-failed": { status: 412, title: "The route has changed meanwhile" },
  "body-too-large": { status: 413, title: "The body is too large" },
  "unsupported-media-type": { status: 415, title: "The body must be JSON" },
  "policy-refused": { status: 422, title: "The policy is not valid" },
  "request-elsewhere": { status: 422, title: "The described request does not lead to this route" },
  "unknown-variant": { status: 422, title: "No part of the policy has this variant" },
  "unknown-goal": { status: 422, title: "The route's policy has no such goal" },
  "idempotency-mismatch": { status: 422, title: "Another request had this idempotency key" },
  "precondition-required": { status: 428, title: "Say which version you are changing" },
  "too-many-requests": { status: 429, title: "Too many failed attempts" },
  "internal-error": { status: 500, title: "The control plane failed" },
  "kv-unavailable": { status: 503, title: "KV cannot be read just now" },
  "ledger-unavailable": { status: 503, title: "The ledger cannot be reached just now" },
  "hub-unavailable": { status: 503, title: "The hub does not answer just now" },
  unhealthy: { status: 503, title: "A part of the control plane does not work" },
  "ledger-full": { status: 507, title: "The ledger of this route is full" },
} as const;

/** The code of a problem: stable, for programs. */
export type ProblemCode = keyof typeof PROBLEMS;

/** What any request may be refused with. */
export const COMMON_PROBLEMS = [
  "query-invalid",
  "key-invalid",
  "unauthorized",
  "cross-site",
  "forbidden",
  "not-found",
  "method-not-allowed",
  "body-too-large",
  "unsupported-media-type",
  "too-many-requests",
  "internal-error",
  "kv-unavailable",
  "ledger-unavailable",
] as const satisfies readonly ProblemCode[];

/** The RFC 9457 problem details of a refusal. What stands beside `code` depends on it: see docs/control-api.md. */
export const ProblemSchema = v.object({
  type: v.literal("about:blank"),
  title: v.string(),
  status: Count,
  code: v.string(),
  detail: v.exactOptional(v.string()),
  /** What to do about it: the end of the detail, apart. */
  fix: v.exactOptional(v.string()),
  issues: v.exactOptional(v.array(IssueSchema)),
  /** The newest version; who made it, when and by which action. */
  current: v.exactOptional(Count),
  author: v.exactOptional(v.string()),
  at: v.exactOptional(InstantText),
  action: v.exactOptional(v.string()),
  /** Of `guard-acted`: whose visitors the guard took, and what it had found. */
  variant: v.exactOptional(v.string()),
  evidence: v.exactOptional(v.string()),
  since: v.exactOptional(Count),
  changes: v.exactOptional(v.array(ChangeSchema)),
  changesLeftOut: v.exactOptional(Count),
  plan: v.exactOptional(PlanSchema),
  deletedBy: v.exactOptional(Count),
  allow: v.exactOptional(v.string()),
  /** Of `unhealthy`, for whoever has a token: which part it is. */
  health: v.exactOptional(HealthSchema),
});

/** What the API says when it refuses. */
export type Problem = v.InferOutput<typeof ProblemSchema>;
