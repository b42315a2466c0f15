import * as v from "valibot";

import { RequestDescriptionSchema } from "../decide/request-description.ts";
import { expected, strictObject } from "../lib/strict-object.ts";
import { ACTION_NAMES } from "../policy/actions/names.ts";
import { FlagSchema } from "../policy/values.ts";
import { answer, type Definition } from "./definition.ts";
import {
  AnySchema,
  Count,
  InstantText,
  IssueSchema,
  PLAN_FIELDS,
  VersionSchema,
} from "./shared.ts";

/** Beside its name an action's own parameters, judged as those of the action itself are. */
const ActionSchema = v.looseObject(
  {
    name: v.picklist(
      ACTION_NAMES,
      expected("be the name of an action", 'write for example "promote"'),
    ),
  },
  expected("be an object", 'write for example { "name": "promote", "to": 25 }'),
);

/** A whole policy, a merge patch of the newest one, an earlier version, or an action. */
export const PreviewSchema = v.pipe(
  strictObject(
    {
      policy: v.exactOptional(AnySchema),
      patch: v.exactOptional(AnySchema),
      version: v.exactOptional(VersionSchema),
      action: v.exactOptional(ActionSchema),
      request: v.exactOptional(RequestDescriptionSchema),
      allowReshuffle: v.exactOptional(FlagSchema),
      apply: v.exactOptional(FlagSchema),
      override: v.exactOptional(FlagSchema),
    },
    "request",
  ),
  v.check(
    (body) => ["policy", "patch", "version", "action"].filter((name) => name in body).length === 1,
    expected(
      'hold just one of "policy", "patch", "version", "action"',
      'write for example "policy": {…}',
    ),
  ),
);

/** What an edit would do, and all that the edit itself then needs. */
const PREVIEW = answer(
  "Preview",
  v.object({
    key: v.string(),
    /** The newest version; 0 where there is none. */
    from: Count,
    /** For `If-Match` of the edit; null where the route is to be made, with `If-None-Match: *`. */
    etag: v.nullable(v.string()),
    /** Whether the newest version says the same already. */
    same: v.boolean(),
    /** Why an action has nothing to do; absent where it has. */
    reason: v.exactOptional(v.string()),
    /** Whether KV was changed by hand, which holds edits back. */
    drift: v.boolean(),
    /** What somebody took back since the route was last applied from a file; null for nothing. */
    takenBack: v.nullable(
      v.object({ version: Count, author: v.string(), at: InstantText, action: v.string() }),
    ),
    warnings: v.array(IssueSchema),
    ...PLAN_FIELDS,
  }),
);

export const PREVIEWS = {
  preview: {
    method: "POST",
    path: "/routes/:key/preview",
    role: "read",
    summary: "What an edit would do to ten thousand synthetic visitors",
    body: PreviewSchema,
    answers: { 200: PREVIEW },
    problems: [
      "body-invalid",
      "route-not-found",
      "version-not-found",
      "policy-refused",
      "action-refused",
      "reshuffle",
      "taken-back",
      "guard-acted",
      "gateway-too-old",
    ],
  },
} as const satisfies Record<string, Definition>;
