import * as v from "valibot";

import { strictObject } from "../lib/strict-object.ts";
import { FlagSchema } from "../policy/values.ts";
import { answer, type Definition } from "./definition.ts";
import { EDITED, EDITED_OR_CREATED, EDIT_PROBLEMS } from "./edited.ts";
import { AnySchema, Count, Cursor, EDIT_FIELDS, InstantText } from "./shared.ts";

/** A whole policy for a route. `apply` says that a file is kept as the route's source, as `sy apply` does. */
export const PutSchema = strictObject(
  { policy: AnySchema, ...EDIT_FIELDS, apply: v.exactOptional(FlagSchema) },
  "request",
);

export const PatchSchema = strictObject(
  { policy: AnySchema, ...EDIT_FIELDS },
  "merge patch of a route",
);

export const DeleteSchema = strictObject(EDIT_FIELDS, "request");

/** One page of the routes there are. `source` is `kv` where the hub could not say what is newest. */
export const ROUTE_LIST = answer(
  "RouteList",
  v.object({
    routes: v.array(v.object({ key: v.string(), version: v.nullable(Count) })),
    cursor: Cursor,
    source: v.picklist(["hub", "kv"]),
  }),
);

/** A route's newest version, and what KV has. `policy` is null where only KV has one. */
export const ROUTE = answer(
  "Route",
  v.object({
    key: v.string(),
    version: Count,
    published: Count,
    policy: v.unknown(),
    author: v.nullable(v.string()),
    at: v.nullable(InstantText),
    note: v.string(),
    action: v.nullable(v.string()),
    publishing: v.object({ attempts: Count, retryAt: v.nullable(InstantText) }),
    drift: v.nullable(v.object({ text: v.nullable(v.string()), tooLong: v.boolean() })),
  }),
);

export const ROUTES = {
  listRoutes: {
    method: "GET",
    path: "/routes",
    role: "read",
    summary:
      "The routes there are, by prefix, by search and by pages; from the hub and KV, or `source` alone",
    query: ["prefix", "q", "cursor", "limit", "source"],
    answers: { 200: ROUTE_LIST },
    problems: [],
  },
  readRoute: {
    method: "GET",
    path: "/routes/:key",
    role: "read",
    summary: "A route's newest version, and whether KV has it",
    answers: { 200: ROUTE, 304: undefined },
    problems: ["route-not-found"],
  },
  putRoute: {
    method: "PUT",
    path: "/routes/:key",
    role: "write",
    summary: "Make a route, or replace its policy",
    body: PutSchema,
    answers: EDITED_OR_CREATED,
    edits: true,
    problems: [...EDIT_PROBLEMS, "taken-back", "guard-acted", "gateway-too-old"],
  },
  patchRoute: {
    method: "PATCH",
    path: "/routes/:key",
    role: "write",
    summary: "Change a route's policy by JSON Merge Patch (RFC 7396)",
    body: PatchSchema,
    answers: { 200: EDITED },
    edits: true,
    problems: [...EDIT_PROBLEMS, "guard-acted", "gateway-too-old"],
  },
  deleteRoute: {
    method: "DELETE",
    path: "/routes/:key",
    role: "write",
    summary: "Delete a route; its history stays",
    body: DeleteSchema,
    bodyOptional: true,
    answers: { 200: EDITED },
    edits: true,
    problems: EDIT_PROBLEMS,
  },
} as const satisfies Record<string, Definition>;
