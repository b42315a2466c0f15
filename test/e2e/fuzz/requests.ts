import * as fc from "fast-check";
import { cookieHeaders } from "../../property/arbitraries/cookies.ts";
import { policies } from "../../property/arbitraries/policies.ts";
import { rawPaths } from "../../property/arbitraries/paths.ts";

/** Tenants of one run; each run's have keys of their own. */
export const TENANTS = 4;

/** A request before its run gives it names: `{n}` in host and target stands for a tenant of the run. */
export interface Shot {
  readonly method: string;
  readonly host: string;
  readonly target: string;
  /** Whole lines, one character per byte. */
  readonly fields: readonly string[];
  readonly body: string | undefined;
}

/** What a run is made of. */
export interface Volley {
  /** The stored text of each tenant: mostly policies. */
  readonly texts: readonly string[];
  readonly shots: readonly Shot[];
}

const GARBAGE = [
  "",
  "null",
  "[]",
  "{}",
  "{ no JSON",
  '{"strategy":"weighted","variants":[]}',
  '{"origin":"http://[bad"}',
  '"\\ud800"',
  '{"strategy":"weighted","variants":[{"name":"\\ud800","origin":"https://a.example.com","weight":1}]}',
  `${"[".repeat(5000)}${"]".repeat(5000)}`,
  '{"__proto__":{"origin":"https://a.example.com"}}',
] as const;

const texts = fc.oneof(
  { arbitrary: policies().map((policy) => JSON.stringify(policy)), weight: 12 },
  { arbitrary: fc.constantFrom(...GARBAGE), weight: 1 },
  { arbitrary: fc.json(), weight: 1 },
);

const tenant = fc.nat({ max: TENANTS - 1 });

const hosts = fc.oneof(
  { arbitrary: tenant.map((n) => `{${n}}.example.com`), weight: 8 },
  { arbitrary: tenant.map((n) => `a.b.{${n}}.example.com`), weight: 2 },
  { arbitrary: tenant.map((n) => `{${n}}.EXAMPLE.com.:8080`), weight: 1 },
  {
    arbitrary: fc.constantFrom(
      "any.example",
      "[::1]",
      "127.1",
      "*.example.com",
      "a b",
      "",
      "x".repeat(300),
    ),
    weight: 2,
  },
  { arbitrary: fc.stringMatching(/^[\x21-\x7e\x80-\xff]{0,12}$/), weight: 1 },
);

/** One character per byte, and no line's end: a request line that is one line. */
const bytesOf = (text: string) =>
  Buffer.from(text, "utf8")
    .toString("latin1")
    .replaceAll(/[\r\n]/g, "");

const queries = fc.oneof(
  fc.constant(""),
  fc.stringMatching(/^\?[\x21-\x7e]{0,20}$/),
  fc.constantFrom("?", "?sy=sy1.a.b", "?sy=sy1.%zz.b&uid=1", "?uid=%00", "?a=1&a=2&__proto__=1"),
);

const targets = fc
  .tuple(
    fc.oneof(
      fc.constant(""),
      tenant.map((n) => `/tenant{${n}}`),
    ),
    rawPaths,
    queries,
  )
  .map(([prefix, path, query]) =>
    bytesOf(`${prefix}${path.startsWith("/") ? "" : "/"}${path}${query}`),
  );

const NAMES = [
  "x-forwarded-for",
  "x-forwarded-host",
  "x-forwarded-proto",
  "x-forwarded-prefix",
  "forwarded",
  "via",
  "max-forwards",
  "cf-connecting-ip",
  "x-switchyard-force",
  "x-switchyard-route",
  "accept",
  "accept-encoding",
  "user-agent",
  "connection",
  "te",
  "range",
  "if-none-match",
  "expect",
  "upgrade",
  "content-type",
  "x-user-id",
  "x_forwarded_for",
] as const;

const fieldValues = fc.oneof(
  fc.stringMatching(/^[\x20-\x7e]{0,24}$/),
  fc.stringMatching(/^[\t\x20-\x7e\x80-\xff]{0,24}$/),
  fc.constantFrom(
    "1",
    "0",
    "close",
    "websocket",
    "text/html",
    "1.1 other",
    "6.6.6.6",
    "bytes=0-1",
    "*/*",
    ",",
  ),
);

const fields = fc.oneof(
  {
    arbitrary: fc
      .tuple(fc.constantFrom(...NAMES), fieldValues)
      .map(([name, value]) => `${name}: ${value}`),
    weight: 6,
  },
  { arbitrary: cookieHeaders.map((value) => `cookie: ${bytesOf(value)}`), weight: 3 },
  { arbitrary: fc.stringMatching(/^[\x20-\x7e\x80-\xff]{1,16}$/), weight: 1 },
);

const methods = fc.oneof(
  { arbitrary: fc.constantFrom("GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS"), weight: 8 },
  { arbitrary: fc.constantFrom("PATCH", "TRACE", "PROPFIND", "PURGE", "get", "FOO"), weight: 1 },
);

const shots: fc.Arbitrary<Shot> = fc.record({
  method: methods,
  host: hosts,
  target: targets,
  fields: fc.array(fields, { maxLength: 5 }),
  body: fc.option(fc.string({ unit: "binary-ascii", maxLength: 30 }), { nil: undefined, freq: 3 }),
});

/** So many requests to tenants with arbitrary policies. */
export const volleys = (size: number): fc.Arbitrary<Volley> =>
  fc.record({
    texts: fc.array(texts, { minLength: TENANTS, maxLength: TENANTS }),
    shots: fc.array(shots, { minLength: size, maxLength: size, size: "max" }),
  });
