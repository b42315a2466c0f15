import type * as v from "valibot";

import {
  ExplainRouteSchema,
  ExplainSchema,
  LinkSchema,
  NotedSchema,
  PatchSchema,
  PreviewSchema,
  PutSchema,
  RollbackSchema,
  ValidateSchema,
  WrittenSchema,
} from "../bodies.ts";
import type { OperationId } from "../operations.ts";
import type { AnswerName } from "./answers.ts";

/** What the document says of an operation beside its method, path and role. */
export interface Description {
  readonly summary: string;
  readonly body?: v.GenericSchema;
  /** Whether a request without a body is as good as an empty object. */
  readonly bodyOptional?: boolean;
  readonly query?: readonly string[];
  readonly answers: Readonly<Record<number, AnswerName | undefined>>;
  /** Whether the request must say which version it changes. */
  readonly edits?: boolean;
}

const edited = { 200: "Edited", 201: "Edited" } as const;
const pages = ["cursor", "limit"] as const;
const edits = true;

/** By operation id. */
export const DESCRIPTIONS: Readonly<Record<OperationId, Description>> = {
  listRoutes: {
    summary: "The routes in KV, by prefix, by search and by pages",
    query: ["prefix", "q", ...pages],
    answers: { 200: "RouteList" },
  },
  readRoute: {
    summary: "A route's newest version, and whether KV has it",
    answers: { 200: "Route", 304: undefined },
  },
  putRoute: {
    summary: "Make a route, or replace its policy",
    body: PutSchema,
    answers: edited,
    edits,
  },
  patchRoute: {
    summary: "Change a route's policy by JSON Merge Patch (RFC 7396)",
    body: PatchSchema,
    answers: { 200: "Edited" },
    edits,
  },
  deleteRoute: {
    summary: "Delete a route; its history stays",
    body: WrittenSchema,
    bodyOptional: true,
    answers: { 200: "Edited" },
    edits,
  },
  listVersions: {
    summary: "A route's versions, newest first",
    query: pages,
    answers: { 200: "VersionList" },
  },
  readVersion: { summary: "One version", answers: { 200: "Version" } },
  diffVersions: {
    summary: "What changed between two versions, and which visitors moved",
    query: ["from", "to"],
    answers: { 200: "Diff" },
  },
  rollback: {
    summary: "Make an earlier version's policy the newest version",
    body: RollbackSchema,
    answers: edited,
    edits,
  },
  readAudit: { summary: "Who did what, newest first", query: pages, answers: { 200: "AuditLog" } },
  explainRoute: {
    summary:
      "Which variant a request gets from this route, and why, at any time and for any version",
    body: ExplainRouteSchema,
    answers: { 200: "Explanation" },
  },
  preview: {
    summary: "What an edit would do to ten thousand synthetic visitors",
    body: PreviewSchema,
    answers: { 200: "Preview" },
  },
  runAction: {
    summary: "promote, pause, resume, abort, renew, switch, switch-back, weights, force or unforce",
    bodyOptional: true,
    answers: { 200: "Edited" },
    edits,
  },
  makeLink: { summary: "Sign a QA link", body: LinkSchema, answers: { 201: "Link" } },
  adopt: {
    summary: "Take what was written to KV by hand into the history",
    body: WrittenSchema,
    bodyOptional: true,
    answers: edited,
    edits,
  },
  republish: {
    summary: "Put the newest version to KV over whatever is there",
    body: NotedSchema,
    bodyOptional: true,
    answers: { 200: "Republished" },
    edits,
  },
  explain: {
    summary: "Which route and variant a request leads to now, and why",
    body: ExplainSchema,
    answers: { 200: "Explanation" },
  },
  validate: {
    summary: "Whether a policy is one",
    body: ValidateSchema,
    answers: { 200: "Validity" },
  },
};
