import * as fc from "fast-check";
import { expect, test } from "vitest";

import { decide } from "../../src/decide/decide.ts";
import type { Decision, Outcome } from "../../src/decide/outcome.ts";
import { importManifests } from "../../src/import/manifests.ts";
import { exportHttpRoutes } from "../../src/import/to-http-route/export.ts";
import { compile } from "../../src/policy/compile.ts";
import type { CompiledPolicy, Variant } from "../../src/policy/compiled.ts";
import { forwardedPath } from "../../src/policy/rewrite.ts";
import { parseValue } from "../../src/policy/parse.ts";
import { check } from "../support/property.ts";
import { factsFrom } from "./arbitraries/facts.ts";

const KEY = "shop.example.com";

const origin = fc.constantFrom("a", "b", "c").map((name) => `https://${name}.origin.example`);

const headers = fc.constantFrom<object>(
  { request: { set: { "x-a": "1" }, remove: ["x-b"] } },
  { response: { add: { "x-c": "2" } } },
);

const common = {
  headers,
  timeoutMs: fc.constantFrom(500, 12_345, 100_000),
  totalTimeoutMs: fc.constantFrom(1000, 300_000),
  retry: fc.constantFrom<object>(
    { attempts: 2 },
    { attempts: 1, on: ["network", "timeout", 500], backoffMs: 50 },
  ),
  rewrite: fc.constantFrom<object>({ path: "/whole" }),
  cors: fc.constantFrom<object>(
    { origins: ["*"] },
    {
      origins: ["https://a.example"],
      methods: ["PUT"],
      headers: ["x-a"],
      expose: ["x-b"],
      credentials: true,
      maxAgeSeconds: 5,
    },
  ),
  mirror: fc.constantFrom<object>(
    { origin: "https://m.origin.example", percent: 100 },
    { origin: "https://m.origin.example", percent: 12.5 },
    [
      { origin: "https://m.origin.example", percent: 25 },
      { origin: "https://n.origin.example", percent: 50 },
    ],
  ),
};

const optional = { requiredKeys: ["strategy", "variants", "sticky"] as const };

const single = fc.record({ origin, ...common }, { requiredKeys: ["origin"] });

const variants = fc
  .uniqueArray(
    fc.record(
      { origin, weight: fc.integer({ min: 0, max: 90 }), headers },
      { requiredKeys: ["origin", "weight"] },
    ),
    {
      minLength: 2,
      maxLength: 3,
      selector: (one) => one.origin,
    },
  )
  .filter((all) => all.some(({ weight }) => weight > 0))
  .map((all) => all.map((one, index) => ({ name: `v${index}`, ...one })));

const weighted = fc.record(
  { strategy: fc.constant("weighted"), variants, sticky: fc.constant(false), ...common },
  { requiredKeys: [...optional.requiredKeys] },
);

const canary = fc.record({
  strategy: fc.constant("canary"),
  stable: fc.constant("https://a.origin.example"),
  canary: fc.constant("https://b.origin.example"),
  percent: fc.constantFrom(0, 1, 12.5, 0.01, 99.9, 100),
  sticky: fc.constant(false),
  rescue: fc.constant(false),
  rules: fc.constantFrom<object[]>(
    [],
    [{ match: { header: { "x-next": "always" } }, variant: "canary" }],
  ),
});

const ending = fc.constantFrom<object>(
  { strategy: "redirect", scheme: "https", host: "www.example.com", status: 301 },
  { strategy: "redirect", path: "/gone", port: 8443 },
  { strategy: "respond", status: 500 },
);

const leaf = fc.oneof(origin, single, weighted, canary, ending);

const header = fc.constantFrom<object>(
  { "x-a": "1" },
  { "x-a": ["1", "2"] },
  { "x-a": true },
  { "x-a": { prefix: "1" } },
  { "x-a": { regex: "[0-9]{1,3}" }, "x-b": "1" },
);

const match = fc.record(
  {
    path: fc.constantFrom<unknown>("/a", "/a/*", ["/b", "/c/*"], { regex: "/[ab]" }),
    method: fc.constantFrom<unknown>("POST", ["GET", "PUT"]),
    header,
    query: fc.constantFrom<object>({ q: "1" }, { q: { contains: "1" } }),
  },
  { requiredKeys: ["header"] },
);

const underKey = fc.oneof(
  leaf,
  fc.constantFrom<object>(
    { origin: "https://a.origin.example", stripPrefix: true },
    { origin: "https://a.origin.example/base", rewrite: { prefix: "/y" } },
    { strategy: "redirect", prefix: "/y" },
    { strategy: "redirect", host: "www.example.com", prefix: "" },
  ),
);

const paths = fc
  .tuple(
    fc.dictionary(fc.constantFrom("/a", "/a/b", "/b"), underKey, { maxKeys: 3 }),
    fc.dictionary(fc.constantFrom("=/a", "=/c"), leaf, { maxKeys: 2 }),
  )
  .map(([under, exact]) => ({ ...under, ...exact }));

const map = fc.record(
  {
    strategy: fc.constant("path-map"),
    rules: fc
      .array(fc.record({ match, policy: leaf }), { minLength: 1, maxLength: 3 })
      .map((all) => all.map((rule, index) => ({ name: `r${index}`, ...rule }))),
    paths,
    default: leaf,
    headers,
    timeoutMs: common.timeoutMs,
  },
  { requiredKeys: ["strategy", "default"] },
);

const request = fc.record({
  path: fc.constantFrom("/", "/a", "/a/", "/a/b", "/a/b/c", "/b", "/c", "/c/d", "/abc"),
  method: fc.constantFrom("GET", "POST", "PUT", "DELETE"),
  a: fc.constantFrom(undefined, "1", "2", "123", "x"),
  b: fc.constantFrom(undefined, "1"),
  next: fc.constantFrom(undefined, "always"),
  q: fc.constantFrom<string[]>([], ["1"], ["21"]),
});

function compiled(policy: unknown): CompiledPolicy {
  const parsed = parseValue(policy, { allowPrivateOrigins: false });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.issues));
  return compile(parsed.policy, KEY);
}

/** The variants that may get a request, each with its share. */
function branchesOf({ node, variant, reason }: Decision): readonly (readonly [Variant, number])[] {
  if (reason !== "split" && reason !== "ramp") return [[variant, 1]];
  const percent = "percent" in node ? Number(node.percent) : undefined;
  const weights = node.variants.map(({ weight }, index) =>
    percent === undefined ? weight : index === 0 ? 100 - percent : percent,
  );
  const sum = weights.reduce((total, weight) => total + weight, 0);
  return node.variants
    .map((one, index) => [one, (weights[index] ?? 0) / sum] as const)
    .filter(([, share]) => share > 0);
}

/** Everything that is decided about a request for a path, but for names and the draw: who may get it, with which share, and how. */
function decided(outcome: Outcome, path: string): unknown {
  if (outcome.do !== "forward") {
    const keeps = outcome.do !== "redirect" || outcome.to.prefix === undefined;
    return {
      ...outcome,
      node: undefined,
      ledBy: undefined,
      ...(keeps ? { matchedPrefix: "" } : {}),
    };
  }
  const { node, stripped: prefix, matchedPrefix: matched } = outcome;
  const targets = branchesOf(outcome).map(([one, share]) => {
    const forwarded = one.origin.base + forwardedPath(one.rewrite, { path, prefix, matched });
    const { edits } = one;
    const to = [
      one.origin.origin,
      forwarded || "/",
      Math.min(one.timeoutMs, node.totalTimeoutMs ?? Infinity),
      edits.request,
      edits.response,
    ];
    return JSON.stringify([...to, share.toFixed(6)]);
  });
  return {
    targets: targets.toSorted(),
    retry: node.retry,
    totalTimeoutMs: node.totalTimeoutMs,
    cors: node.cors,
    mirror: JSON.stringify(node.mirror),
  };
}

test("what is exported as an HTTPRoute and imported again decides the same", () => {
  let exported = 0;
  let refused = 0;
  check(
    fc.property(
      fc.oneof(leaf, map),
      fc.array(request, { minLength: 8, maxLength: 8 }),
      (policy, requests) => {
        fc.pre(parseValue(policy, { allowPrivateOrigins: false }).ok);
        const { manifests, backends, reports } = exportHttpRoutes([{ key: KEY, policy }]);
        if (reports.some(({ level }) => level === "error")) {
          refused += 1;
          return manifests.length === 0;
        }
        exported += 1;
        const back = importManifests(manifests, new Map(Object.entries(backends)));
        expect(back.reports.filter(({ level }) => level === "error")).toEqual([]);
        const [before, after] = [policy, back.policies[KEY]].map(compiled);
        for (const { path, method, a, b, next, q } of requests) {
          const given = Object.entries({ "x-a": a, "x-b": b, "x-next": next });
          const headersOf = Object.fromEntries(
            given.flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const])),
          );
          const facts = factsFrom({ path, method, host: KEY, headers: headersOf, queries: { q } });
          const [was, is] = [before, after].map((one) => decide(one as CompiledPolicy, facts));
          expect(decided(is as Outcome, path)).toEqual(decided(was as Outcome, path));
        }
        return true;
      },
    ),
    { runs: 500 },
  );
  expect(exported).toBeGreaterThan(150);
  expect(refused).toBeGreaterThan(5);
});
