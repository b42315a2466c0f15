import * as v from "valibot";

import { answer, type Definition } from "./definition.ts";
import { Count, Cursor, InstantText } from "./shared.ts";

const AUDIT_LOG = answer(
  "AuditLog",
  v.object({
    entries: v.array(
      v.object({
        id: Count,
        at: InstantText,
        actor: v.string(),
        action: v.string(),
        version: Count,
        note: v.string(),
        detail: v.string(),
      }),
    ),
    cursor: Cursor,
  }),
);

/** One page of what was done to a route. */
export type AuditLog = v.InferOutput<typeof AUDIT_LOG.schema>;

export const AUDIT = {
  readAudit: {
    method: "GET",
    path: "/routes/:key/audit",
    role: "read",
    summary: "Who did what, newest first",
    query: ["cursor", "limit"],
    answers: { 200: AUDIT_LOG },
    problems: ["route-not-found"],
  },
} as const satisfies Record<string, Definition>;
