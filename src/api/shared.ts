import * as v from "valibot";

import { expected } from "../lib/strict-object.ts";
import type { Issue } from "../lib/issue.ts";
import type { Plan } from "../preview/plan.ts";
import { FlagSchema, whole } from "../policy/values.ts";
import { MAX_NOTE_CHARS } from "./limits.ts";

/** A time in an answer: RFC 3339, in UTC. */
export const InstantText = v.pipe(v.string(), v.isoTimestamp());

/** A whole number from 0. */
export const Count = v.pipe(v.number(), v.integer(), v.minValue(0));

const Share = v.pipe(v.number(), v.minValue(0), v.maxValue(1));

/** Where the next page goes on; null on the last one. */
export const Cursor = v.nullable(v.string());

/** Why, in the author's words; kept with the version. */
export const NoteSchema = v.pipe(
  v.string(expected("be text", "say why in a sentence")),
  v.maxLength(MAX_NOTE_CHARS, expected(`have at most ${MAX_NOTE_CHARS} characters`, "shorten it")),
);

/** A version's number in a request. */
export const VersionSchema = whole(1, Number.MAX_SAFE_INTEGER, 3);

/** Judged by `parse`, whose issues say more than a schema's. */
export const AnySchema = v.unknown();

/** What every edit takes in its body. */
export const EDIT_FIELDS = {
  note: v.exactOptional(NoteSchema),
  allowReshuffle: v.exactOptional(FlagSchema),
  override: v.exactOptional(FlagSchema),
};

/** One thing wrong with a policy, or worth a warning. */
export const IssueSchema: v.GenericSchema<Issue> = v.object({
  path: v.string(),
  message: v.string(),
  fix: v.string(),
});

/** One place in which two policies differ. */
export const ChangeSchema = v.object({
  path: v.string(),
  from: v.exactOptional(v.unknown()),
  to: v.exactOptional(v.unknown()),
});

const Destination = v.nullable(v.object({ variant: v.string(), origin: v.string() }));
const Shared = v.object({ at: Destination, visitors: Count });
const MoveSchema = v.object({ from: Destination, to: Destination, visitors: Count });

/** The fields of a plan, for answers that carry one among others. */
export const PLAN_FIELDS = {
  changes: v.array(ChangeSchema),
  changesLeftOut: Count,
  paths: v.array(
    v.object({
      path: v.string(),
      visitors: Count,
      moved: Count,
      reshuffled: Count,
      before: v.array(Shared),
      after: v.array(Shared),
      moves: v.array(MoveSchema),
    }),
  ),
  later: v.array(
    v.object({
      at: InstantText,
      path: v.string(),
      visitors: Count,
      moved: Count,
      moves: v.array(MoveSchema),
    }),
  ),
  laterLeftOut: Count,
  pathsLeftOut: Count,
  moved: Share,
  reshuffled: Share,
};

/** What a change does to visitors. */
export const PlanSchema: v.GenericSchema<Plan> = v.object(PLAN_FIELDS);

/** Who made a version, when, how and why. */
export const AUTHORED_FIELDS = {
  author: v.string(),
  at: InstantText,
  note: v.string(),
  action: v.string(),
};

/** A value that was written to KV by hand and that an edit replaced: its beginning, and whether it was a valid policy. */
export const ReplacedSchema = v.object({
  text: v.nullable(v.string()),
  bytes: Count,
  valid: v.boolean(),
});
