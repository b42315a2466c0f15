import * as fc from "fast-check";
import { MAX_TIMEOUT_MS } from "../../../src/policy/limits.ts";
import type { RewriteInput } from "../../../src/policy/rewrite.ts";
import type { HeaderChanges, Headers } from "../../../src/policy/header-values.ts";
import type { OriginInput } from "../../../src/policy/origin-values.ts";
import { dictionary, headerValues, POOL, tokens } from "./text.ts";

const labels = fc
  .stringMatching(/^[a-z0-9]([a-z0-9-]{0,8}[a-z0-9])?$/)
  .filter((label) => !label.startsWith("xn--"));

const hosts = fc.oneof(
  {
    arbitrary: fc
      .tuple(labels, fc.constantFrom("example.com", "example.org", "Example.NET"))
      .map(([label, domain]) => `${label}.${domain}`),
    weight: 8,
  },
  { arbitrary: fc.constantFrom("127.0.0.1.example.com", "bücher.example"), weight: 1 },
);

/** An origin's URL: both schemes, ports, base paths plain, encoded and with a slash at the end. */
export const originUrls: fc.Arbitrary<string> = fc
  .tuple(
    fc.constantFrom("https", "http"),
    hosts,
    fc.constantFrom("", ":8443", ":80"),
    fc.constantFrom("", "/", "/base", "/a/b/", "/%7Ex", "/é", "/a%2Fb", "/a//b", "/%%32e"),
  )
  .map(([scheme, host, port, base]) => `${scheme}://${host}${port}${base}`);

/** Headers that only the gateway answers for. */
const MANAGED =
  /^(?:connection|content-length|host|keep-alive|proxy-connection|te|trailer|transfer-encoding|upgrade|via|x-switchyard-route|x-switchyard-variant)$/i;

const headerNames = tokens(["x-a", "cache-control", "X-B"]).filter((name) => !MANAGED.test(name));

const changes: fc.Arbitrary<HeaderChanges> = fc.record(
  {
    set: dictionary(headerNames, headerValues),
    add: dictionary(headerNames, headerValues),
    remove: fc.array(headerNames, { maxLength: 2 }),
  },
  { requiredKeys: [] },
);

export const headerFields: fc.Arbitrary<Headers> = fc.record(
  { request: changes, response: changes },
  { requiredKeys: [] },
);

export const timeouts: fc.Arbitrary<number> = fc.integer({ min: 1, max: MAX_TIMEOUT_MS });

/** What a rewrite may put into a path: encodings, a slash at the end, bytes that a parser escapes. */
const forwardable = fc.constantFrom("/", "/x", "/a/b/", "/%7Ex", "/é", "/a%2Fb", "/%%32e", "/;v=1");

/** How a path is rewritten, in both forms. */
export const rewrites: fc.Arbitrary<RewriteInput> = fc.oneof(
  forwardable.map((path) => ({ path })),
  fc.oneof(fc.constant(""), forwardable).map((prefix) => ({ prefix })),
);

/** An origin in both forms. */
export const origins: fc.Arbitrary<OriginInput> = fc.oneof(
  { arbitrary: originUrls, weight: 3 },
  {
    arbitrary: fc.record(
      {
        url: originUrls,
        resolve: fc.constantFrom("host.example.com", "Backend.example.NET"),
        via: fc.constantFrom("API", "VPC_1"),
        headers: headerFields,
        timeoutMs: timeouts,
        rewrite: rewrites,
      },
      { requiredKeys: ["url"] },
    ),
    weight: 1,
  },
);

/** Names of request headers, as rules and `sticky` ask for them. */
export const requestHeaders: fc.Arbitrary<string> = tokens(POOL.headers);
