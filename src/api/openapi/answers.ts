import * as v from "valibot";

import { PROBLEMS, type ProblemCode } from "../problems.ts";

/** What the API answers. Used for the OpenAPI document alone, and through it by every test of the API. */

const instant = v.pipe(v.string(), v.isoTimestamp());
const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const share = v.pipe(v.number(), v.minValue(0), v.maxValue(1));
const cursor = v.nullable(v.string());
const list = v.array;

const Issue = v.strictObject({ path: v.string(), message: v.string(), fix: v.string() });
const Change = v.strictObject({
  path: v.string(),
  from: v.exactOptional(v.unknown()),
  to: v.exactOptional(v.unknown()),
});
const Destination = v.nullable(v.strictObject({ variant: v.string(), origin: v.string() }));
const Share = v.strictObject({ at: Destination, visitors: count });

const planned = {
  changes: list(Change),
  changesLeftOut: count,
  paths: list(
    v.strictObject({
      path: v.string(),
      visitors: count,
      moved: count,
      reshuffled: count,
      before: list(Share),
      after: list(Share),
      moves: list(v.strictObject({ from: Destination, to: Destination, visitors: count })),
    }),
  ),
  pathsLeftOut: count,
  moved: share,
  reshuffled: share,
};

const authored = { author: v.string(), at: instant, note: v.string(), deed: v.string() };
const Plan = v.strictObject(planned);
const versioned = { version: count, deleted: v.boolean(), ...authored };

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the keys of a constant
const codes = Object.keys(PROBLEMS) as [ProblemCode, ...ProblemCode[]];

/** By the name each has in the document. */
export const ANSWERS = {
  Issue,
  Change,
  Plan,
  Problem: v.strictObject({
    type: v.literal("about:blank"),
    title: v.string(),
    status: count,
    code: v.picklist(codes),
    detail: v.exactOptional(v.string()),
    issues: v.exactOptional(list(Issue)),
    current: v.exactOptional(count),
    since: v.exactOptional(count),
    changes: v.exactOptional(list(Change)),
    plan: v.exactOptional(Plan),
    deletedBy: v.exactOptional(count),
    allow: v.exactOptional(v.string()),
  }),
  RouteList: v.strictObject({
    routes: list(v.strictObject({ key: v.string(), version: v.nullable(count) })),
    cursor,
  }),
  Route: v.strictObject({
    key: v.string(),
    version: count,
    published: count,
    policy: v.unknown(),
    author: v.nullable(v.string()),
    at: v.nullable(instant),
    note: v.string(),
    deed: v.nullable(v.string()),
    publishing: v.strictObject({ attempts: count, retryAt: v.nullable(instant) }),
    drift: v.nullable(v.strictObject({ text: v.nullable(v.string()), tooLong: v.boolean() })),
  }),
  Edited: v.strictObject({
    key: v.string(),
    version: count,
    published: count,
    ...authored,
    unchanged: v.boolean(),
    plan: v.exactOptional(Plan),
  }),
  Republished: v.strictObject({
    key: v.string(),
    version: count,
    published: count,
    drift: v.boolean(),
  }),
  VersionList: v.strictObject({ versions: list(v.strictObject(versioned)), cursor }),
  Version: v.strictObject({ ...versioned, policy: v.unknown() }),
  Diff: v.strictObject({ key: v.string(), from: count, to: count, ...planned }),
  Preview: v.strictObject({ key: v.string(), from: count, ...planned }),
  AuditLog: v.strictObject({
    entries: list(
      v.strictObject({
        id: count,
        at: instant,
        actor: v.string(),
        deed: v.string(),
        version: count,
        note: v.string(),
        detail: v.string(),
      }),
    ),
    cursor,
  }),
  Validity: v.strictObject({ valid: v.boolean(), issues: list(Issue) }),
  Explanation: v.strictObject({
    key: v.string(),
    version: v.nullable(count),
    fingerprint: v.exactOptional(v.string()),
    at: instant,
    path: v.string(),
    drawn: v.boolean(),
    summary: v.string(),
    steps: list(v.strictObject({ step: v.string(), outcome: v.string() })),
    decision: v.nullable(
      v.strictObject({
        variant: v.string(),
        reason: v.string(),
        because: v.string(),
        origin: v.string(),
        path: v.string(),
        counted: v.boolean(),
        mirrored: v.boolean(),
        setsCookie: v.boolean(),
        visitor: v.nullable(v.string()),
      }),
    ),
  }),
  Link: v.strictObject({ token: v.string(), url: v.nullable(v.string()), expiresAt: instant }),
} as const satisfies Record<string, v.GenericSchema>;

export type AnswerName = keyof typeof ANSWERS;
