import { readdirSync, readFileSync } from "node:fs";
import { resolve } from "node:path";

import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseAllDocuments } from "yaml";

import { importManifests } from "../../src/import/manifests.ts";
import type { Imported } from "../../src/import/policies.ts";
import { importRedirects } from "../../src/import/redirects/redirects.ts";
import { isRouteKey } from "../../src/policy/keys.ts";
import { parseValue } from "../../src/policy/parse.ts";
import { check } from "../support/property.ts";
import { reads } from "../support/reads.ts";

const FOLDER = resolve(import.meta.dirname, "../vectors/gateway-api/manifests");

const texts = readdirSync(FOLDER)
  .filter((file) => file.endsWith(".yaml"))
  .map((file) => readFileSync(resolve(FOLDER, file), "utf8"));

const manifests = texts.map((text) => parseAllDocuments(text).map((one) => one.toJS() as unknown));

/** Every backend has an origin, whatever it is called. */
const ANY_BACKEND = new (class extends Map<string, string> {
  override get(): string {
    return "https://any.origin.example";
  }
})();

/** A list that holds itself, as aliases of YAML can make one. */
const circular: unknown[] = [];
circular.push(circular);

const hostile = fc.oneof(
  fc.constantFrom<unknown>(
    null,
    true,
    0,
    -1,
    Infinity,
    Number.NaN,
    "",
    "*",
    "/*",
    "\u0000",
    "\uD800",
  ),
  fc.constantFrom<unknown>([], {}, [[]], [{}], [null], circular, { circular }, "a".repeat(5000)),
  fc.constantFrom<unknown>("__proto__", "constructor", "prototype", "toString"),
  fc.string({ unit: "grapheme" }),
  fc.jsonValue({ maxDepth: 3 }),
  fc.dictionary(
    fc.constantFrom("__proto__", "constructor", "name", "value", "type"),
    fc.jsonValue(),
  ),
);

/** A copy of a value in which one place, found by these numbers, holds another value. */
function withOne(value: unknown, way: readonly number[], put: unknown): unknown {
  const [step, ...rest] = way;
  if (step === undefined || typeof value !== "object" || value === null) return put;
  if (Array.isArray(value)) {
    const at = step % (value.length + 1);
    const copy = [...(value as unknown[])];
    copy[at] = withOne(copy[at], rest, put);
    return copy;
  }
  const names = [...Object.keys(value), "zz"];
  const name = names[step % names.length] ?? "";
  return { ...value, [name]: withOne((value as Record<string, unknown>)[name], rest, put) };
}

const damaged = fc
  .tuple(
    fc.constantFrom(...manifests),
    fc.array(fc.tuple(fc.array(fc.nat(20), { minLength: 1, maxLength: 9 }), hostile), {
      minLength: 1,
      maxLength: 3,
    }),
  )
  .map(([documents, damages]) =>
    damages.reduce<unknown>((value, [way, put]) => withOne(value, way, put), documents),
  )
  .map((value) => (Array.isArray(value) ? (value as unknown[]) : [value]));

/** What of an import's result is not as it must be. */
function* faultsOf({ policies, reports, missing }: Imported): Generator {
  for (const { level, object, field, message } of reports) {
    const isNamed = [object, message].every((text) => typeof text === "string" && text !== "");
    if (!isNamed || typeof field !== "string" || !["error", "warning"].includes(level))
      yield { level, object, field, message };
  }
  for (const [key, policy] of Object.entries(policies))
    if (!isRouteKey(key) || !parseValue(policy, { allowPrivateOrigins: true }).ok)
      yield { key, policy };
  for (const name of missing) if (typeof name !== "string") yield name;
}

describe("whatever it is given, an import ends with valid policies and with reports that name object and field:", () => {
  test("manifests with hostile values in them", () => {
    check(
      fc.property(damaged, (documents) => {
        expect([...faultsOf(importManifests(documents, ANY_BACKEND))]).toEqual([]);
      }),
      { runs: 2000 },
    );
  });

  test("a field that nobody knows is an error, whatever it holds", () => {
    const held = hostile.filter((value) => value !== null);
    check(
      fc.property(fc.constantFrom(...manifests), held, (documents, value) => {
        const [first, ...others] = documents as { spec: object }[];
        const spoilt = [{ ...first, spec: { ...first?.spec, zz: value } }, ...others];
        const { reports } = importManifests(spoilt, ANY_BACKEND);
        expect(reports).toContainEqual(
          expect.objectContaining({ level: "error", field: "spec.zz" }),
        );
      }),
    );
  });

  test("any documents", () => {
    check(
      fc.property(fc.array(hostile), (documents) => {
        expect([...faultsOf(importManifests(documents, new Map()))]).toEqual([]);
      }),
    );
  });

  test("any lines of redirects", () => {
    const word = fc.oneof(
      fc.constantFrom(
        "/",
        "/a",
        "/a/*",
        "/a/:b",
        "/c/:b",
        "/:splat",
        "/x/:splat",
        "https://x.example/",
      ),
      fc.constantFrom("301", "200!", "404", "999", "Country=us", "Language=", "Cookie=a,b", "q=:q"),
      fc.constantFrom(
        "#",
        "http://",
        "https://[::1]/*",
        "__proto__=1",
        "/__proto__",
        "*",
        "/%",
        "/?a",
      ),
      fc.string(),
    );
    const line = fc.array(word, { maxLength: 6 }).map((words) => words.join(" "));
    check(
      fc.property(
        fc.array(line).map((lines) => lines.join("\n")),
        (text) => {
          expect([...faultsOf(importRedirects(text, { key: "*", backends: ANY_BACKEND }))]).toEqual(
            [],
          );
        },
      ),
      { runs: 1000 },
    );
  });
});

const items = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: count }, (_, index) => make(index));

const route = (spec: object, name = "route"): object => ({
  apiVersion: "gateway.networking.k8s.io/v1",
  kind: "HTTPRoute",
  metadata: { name },
  spec: { hostnames: ["shop.example.com"], ...spec },
});

const toA = { backendRefs: [{ name: "a", port: 80 }] };

const ingress = (index: number, annotations: object, name: string): object => ({
  apiVersion: "networking.k8s.io/v1",
  kind: "Ingress",
  metadata: { name: `${name}${index}`, annotations },
  spec: {
    rules: [
      {
        host: "shop.example.com",
        http: {
          paths: [
            {
              path: `/${index}`,
              pathType: "Prefix",
              backend: { service: { name: "a", port: { number: 80 } } },
            },
          ],
        },
      },
    ],
  },
});

const IS_CANARY = { "nginx.ingress.kubernetes.io/canary": "true" };

/** By what there is much of. */
const LARGE: Readonly<Record<string, (count: number) => unknown[]>> = {
  matches: (n) => [
    route({ rules: [{ ...toA, matches: items(n, (i) => ({ path: { value: `/${i}` } })) }] }),
  ],
  "rules that are too many": (n) => [
    route({
      rules: items(n, (i) => ({ ...toA, matches: [{ headers: [{ name: "x", value: `${i}` }] }] })),
    }),
  ],
  hostnames: (n) => [route({ hostnames: items(n, (i) => `h${i}.example.com`), rules: [toA] })],
  "routes of one host": (n) =>
    items(n, (i) =>
      route({ rules: [{ ...toA, matches: [{ path: { value: `/${i}` } }] }] }, `r${i}`),
    ),
  "routes of one host that cannot be said together": (n) =>
    items(n, (i) =>
      route(
        {
          rules: [
            {
              ...toA,
              matches: [
                { method: "GET" },
                { method: "PUT", headers: [{ name: "x", value: `${i}` }] },
              ],
            },
          ],
        },
        `r${i}`,
      ),
    ),
  "unknown fields": (n) => [route(Object.fromEntries(items(n, (i) => [`zz${i}`, 1])))],
  "headers of many matches": (n) => [
    route({
      rules: [
        {
          ...toA,
          matches: items(n, (i) => ({ path: { value: `/${i}` } })),
          filters: [
            {
              type: "RequestHeaderModifier",
              requestHeaderModifier: { set: items(n, (i) => ({ name: `x${i}`, value: "1" })) },
            },
          ],
        },
      ],
    }),
  ],
  "Ingresses and their canaries": (n) => [
    ...items(n, (i) => ingress(i, {}, "main")),
    ...items(n, (i) => ingress(i, IS_CANARY, "canary")),
  ],
  "canaries of one path": (n) => [
    ingress(0, {}, "main"),
    ...items(n, (i) => ({ ...ingress(0, IS_CANARY, "canary"), status: i })),
  ],
};

describe("four times the input costs no more than five times the reads:", () => {
  test.each(Object.entries(LARGE))("%s", (_, make) => {
    const cost = (count: number): number =>
      reads(make(count), (watched) => importManifests(watched as unknown[], ANY_BACKEND));
    expect(cost(1200) / cost(300)).toBeLessThan(5);
  });
});
