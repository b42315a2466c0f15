import * as v from "valibot";

import { strictObject } from "../lib/strict-object.ts";
import { answer, type Definition } from "./definition.ts";
import { EDITED_OR_CREATED, EDIT_PROBLEMS } from "./edited.ts";
import {
  AUTHORED_FIELDS,
  Count,
  Cursor,
  EDIT_FIELDS,
  PLAN_FIELDS,
  VersionSchema,
} from "./shared.ts";

export const RollbackSchema = strictObject({ version: VersionSchema, ...EDIT_FIELDS }, "rollback");

const versioned = { version: Count, deleted: v.boolean(), ...AUTHORED_FIELDS };
const VersionLine = v.object(versioned);

/** One line of a route's history. */
export type VersionLine = v.InferOutput<typeof VersionLine>;

/** A route's versions, newest first. */
const VERSION_LIST = answer(
  "VersionList",
  v.object({ versions: v.array(VersionLine), cursor: Cursor }),
);

/** One version with its policy; null where it deleted the route. */
const VERSION = answer("Version", v.object({ ...versioned, policy: v.unknown() }));

const DIFF = answer("Diff", v.object({ key: v.string(), from: Count, to: Count, ...PLAN_FIELDS }));

export const VERSIONS = {
  listVersions: {
    method: "GET",
    path: "/routes/:key/versions",
    role: "read",
    summary: "A route's versions, newest first",
    query: ["cursor", "limit"],
    answers: { 200: VERSION_LIST },
    problems: ["route-not-found"],
  },
  readVersion: {
    method: "GET",
    path: "/routes/:key/versions/:version",
    role: "read",
    summary: "One version",
    answers: { 200: VERSION },
    problems: ["version-not-found"],
  },
  diffVersions: {
    method: "GET",
    path: "/routes/:key/diff",
    role: "read",
    summary: "What changed between two versions, and which visitors moved",
    query: ["from", "to"],
    answers: { 200: DIFF },
    problems: ["route-not-found", "version-not-found", "policy-refused"],
  },
  rollback: {
    method: "POST",
    path: "/routes/:key/rollback",
    role: "write",
    summary: "Make an earlier version's policy the newest version",
    body: RollbackSchema,
    answers: EDITED_OR_CREATED,
    edits: true,
    problems: [...EDIT_PROBLEMS, "version-not-found", "gateway-too-old"],
  },
} as const satisfies Record<string, Definition>;
