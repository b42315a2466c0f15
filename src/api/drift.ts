import * as v from "valibot";

import { strictObject } from "../lib/strict-object.ts";
import { FlagSchema } from "../policy/values.ts";
import { answer, type Definition } from "./definition.ts";
import { EDITED_OR_CREATED, EDIT_PROBLEMS } from "./edited.ts";
import { Count, EDIT_FIELDS, NoteSchema } from "./shared.ts";

export const AdoptSchema = strictObject(EDIT_FIELDS, "request");

export const RepublishSchema = strictObject(
  { note: v.exactOptional(NoteSchema), override: v.exactOptional(FlagSchema) },
  "request",
);

/** What KV has after the newest version was put over whatever was there. */
const REPUBLISHED = answer(
  "Republished",
  v.object({ key: v.string(), version: Count, published: Count, drift: v.boolean() }),
);

export const DRIFT = {
  adopt: {
    method: "POST",
    path: "/routes/:key/adopt",
    role: "write",
    summary: "Take what was written to KV by hand into the history",
    body: AdoptSchema,
    bodyOptional: true,
    answers: EDITED_OR_CREATED,
    edits: true,
    problems: [...EDIT_PROBLEMS, "no-drift"],
  },
  republish: {
    method: "POST",
    path: "/routes/:key/republish",
    role: "write",
    summary: "Put the newest version to KV over whatever is there",
    body: RepublishSchema,
    bodyOptional: true,
    answers: { 200: REPUBLISHED },
    edits: true,
    problems: EDIT_PROBLEMS,
  },
} as const satisfies Record<string, Definition>;
