import { readFileSync } from "node:fs";
import * as v from "valibot";

import { isFields, type Fields } from "../../../src/policy/check-report.ts";

/** Every object is strict: a word of the data that the runner does not know must not pass as looked at. */
const Backend = v.strictObject({ backend: v.string(), percent: v.number() });
const Fields = v.record(v.string(), v.string());

const Request = v.strictObject({
  method: v.string(),
  /** With the query. */
  path: v.string(),
  headers: v.optional(Fields),
  /** Absent: any that the routes serve. */
  host: v.optional(v.string()),
  scheme: v.optional(v.picklist(["http", "https"])),
  /** Absent: the scheme's own. */
  port: v.optional(v.number()),
  /** Frames to send, each of which must come back. */
  websocket: v.optional(
    v.strictObject({
      frames: v.array(
        v.union([
          v.strictObject({ text: v.string() }),
          v.strictObject({ bytes: v.array(v.number()) }),
        ]),
      ),
    }),
  ),
});

const Behaviour = v.strictObject({
  /** Set on its answer. */
  headers: v.optional(Fields),
  /** Before it answers. */
  delayMs: v.optional(v.number()),
  /** So many tries fail. */
  failFirst: v.optional(v.number()),
  /** With this status, or by a connection that is reset. */
  failWith: v.optional(v.union([v.number(), v.literal("reset")])),
  failAfterMs: v.optional(v.number()),
});

const Expected = v.strictObject({
  /** Any of these. */
  status: v.array(v.number()),
  /** Who answered: a name, `"*"` for any, `null` for the gateway itself. */
  backend: v.optional(v.nullable(v.string())),
  /** That each frame comes back. */
  echo: v.optional(v.literal(true)),
  /** What the backend got. */
  forwarded: v.optional(
    v.strictObject({
      method: v.string(),
      path: v.string(),
      host: v.optional(v.string()),
      headers: v.optional(Fields),
      absentHeaders: v.optional(v.array(v.string())),
    }),
  ),
  response: v.optional(
    v.strictObject({
      /** Name → values any of which is right. */
      headers: v.optional(v.record(v.string(), v.array(v.string()))),
      absentHeaders: v.optional(v.array(v.string())),
    }),
  ),
  location: v.optional(
    v.strictObject({
      scheme: v.string(),
      host: v.optional(v.string()),
      port: v.union([v.number(), v.literal("default")]),
      path: v.string(),
    }),
  ),
  mirrors: v.optional(v.array(Backend)),
});

const Sample = v.strictObject({
  requests: v.number(),
  shares: v.optional(v.record(v.string(), v.number())),
  /** Of a share, absolute. */
  tolerance: v.optional(v.number()),
  mirrors: v.optional(v.array(Backend)),
  /** Of the copies, of a binomial. */
  toleranceStandardDeviations: v.optional(v.number()),
  tries: v.optional(v.number()),
  each: v.optional(v.strictObject({ forwardedHeaderNamesBackend: v.string() })),
});

const Case = v.strictObject({
  request: Request,
  backendBehaviour: v.optional(Behaviour),
  sample: v.optional(Sample),
  expect: Expected,
});

const Listener = v.strictObject({ name: v.string(), hostname: v.optional(v.string()) });

/** Routes are the importer's to read, and so only as strict as it is. */
const Route = v.looseObject({ name: v.string(), hostnames: v.optional(v.array(v.string())) });

const Test = v.strictObject({
  name: v.string(),
  upstream: v.string(),
  features: v.array(v.string()),
  gateways: v.optional(v.array(v.strictObject({ name: v.string(), listeners: v.array(Listener) }))),
  routes: v.array(Route),
  requests: v.array(Case),
});

const Cases = v.strictObject({
  schema: v.literal(1),
  source: v.strictObject({
    repository: v.string(),
    commit: v.string(),
    path: v.string(),
    licence: v.string(),
    form: v.string(),
  }),
  backends: v.array(v.string()),
  tests: v.array(Test),
  skipped: v.array(v.strictObject({ upstream: v.string(), why: v.string() })),
});

export type Cases = v.InferOutput<typeof Cases>;
export type Test = v.InferOutput<typeof Test>;
export type Case = v.InferOutput<typeof Case>;
export type Sample = v.InferOutput<typeof Sample>;
export type Behaviour = v.InferOutput<typeof Behaviour>;

/** The objects of a list in a route, whatever stands there. */
export const listOf = (value: unknown): readonly Fields[] =>
  Array.isArray(value) ? value.filter(isFields) : [];

const FILE = new URL("../../vectors/gateway-api/cases.json", import.meta.url);

/** The cases in the form that test/vectors/gateway-api/README.md describes. Throws where a file says more than that. */
export function readCases(): Cases {
  return v.parse(Cases, JSON.parse(readFileSync(FILE, "utf8")));
}
