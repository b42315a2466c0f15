import * as fc from "fast-check";
import { expect, test } from "vitest";

import { decide } from "../../src/decide/decide.ts";
import { importManifests } from "../../src/import/manifests.ts";
import { compile } from "../../src/policy/compile.ts";
import { parseValue } from "../../src/policy/parse.ts";
import { check } from "../support/property.ts";
import { factsFrom } from "./arbitraries/facts.ts";

const HOST = "shop.example.com";
const WILDCARD = "*.example.com";
const ANY = "*";

const named = (names: readonly string[]) =>
  fc.uniqueArray(fc.record({ name: fc.constantFrom(...names), value: fc.constantFrom("1", "2") }), {
    selector: ({ name }) => name.toLowerCase(),
    minLength: 1,
    maxLength: 2,
  });

const match = fc.record(
  {
    path: fc.record(
      {
        type: fc.constantFrom("Exact", "PathPrefix"),
        value: fc.constantFrom("/", "/a", "/a/", "/a/b", "/ab", "/a/b/c"),
      },
      { requiredKeys: ["value"] },
    ),
    method: fc.constantFrom("GET", "POST"),
    headers: named(["X-A", "x-b", "x-c"]),
    queryParams: named(["q", "Q", "r"]),
  },
  { requiredKeys: [] },
);

type Made<T> = T extends fc.Arbitrary<infer TValue> ? TValue : never;
type Match = Partial<Made<typeof match>>;

const route = fc.record({
  hostnames: fc.uniqueArray(fc.constantFrom(HOST, WILDCARD), { maxLength: 2 }),
  rules: fc.array(fc.record({ matches: fc.array(match, { maxLength: 3 }) }), {
    minLength: 1,
    maxLength: 4,
  }),
});

const request = fc.record({
  host: fc.constantFrom(HOST, "a.example.com", "a.b.example.com", "example.com"),
  path: fc.constantFrom("/", "/a", "/a/", "/a/b", "/a/b/", "/ab", "/abc", "/a/b/c", "/z"),
  method: fc.constantFrom("GET", "POST", "PUT"),
  headers: fc.dictionary(fc.constantFrom("x-a", "x-b", "x-c"), fc.constantFrom("1", "2")),
  queries: fc.dictionary(fc.constantFrom("q", "Q", "r"), fc.constantFrom(["1"], ["2"])),
});

type Request = Made<typeof request>;

/** Whether a match takes a request, as the Gateway API says it: written anew, of nothing that the importer has. */
function takes({ path, method, headers = [], queryParams = [] }: Match, asked: Request): boolean {
  const value = path?.value ?? "/";
  const below = value.endsWith("/") ? value : `${value}/`;
  const fits = path?.type === "Exact" ? asked.path === value : `${asked.path}/`.startsWith(below);
  return (
    fits &&
    (method ?? asked.method) === asked.method &&
    headers.every((one) => asked.headers[one.name.toLowerCase()] === one.value) &&
    queryParams.every((one) => asked.queries[one.name]?.[0] === one.value)
  );
}

/** Precedence: exact path, longest prefix, method, most headers, most query parameters. */
const rankOf = ({ path, method, headers = [], queryParams = [] }: Match): number[] => [
  path?.type === "Exact" ? 1 : 0,
  path === undefined || path.type === "Exact" ? 0 : path.value.replace(/\/$/, "").length,
  method === undefined ? 0 : 1,
  headers.length,
  queryParams.length,
];

function isAhead(one: readonly number[], other: readonly number[]): boolean {
  const at = one.findIndex((rank, index) => rank !== other[index]);
  return at !== -1 && (one[at] ?? 0) > (other[at] ?? 0);
}

type Route = Made<typeof route>;

const backendOf = (at: number, index: number): string => `r${at}-${index}`;

function keyOf(routes: readonly Route[], host: string): string | undefined {
  const keys = new Set(
    routes.flatMap(({ hostnames }) => (hostnames.length === 0 ? [ANY] : hostnames)),
  );
  return [host, ...(host.endsWith(".example.com") ? [WILDCARD] : []), ANY].find((one) =>
    keys.has(one),
  );
}

/** The backend of a request, or none. */
function backendFor(routes: readonly Route[], asked: Request): string | undefined {
  const key = keyOf(routes, asked.host);
  let best: { readonly rank: readonly number[]; readonly backend: string } | undefined;
  for (const [at, { hostnames, rules }] of routes.entries()) {
    if (key === undefined || !(hostnames.length === 0 ? [ANY] : [...hostnames]).includes(key))
      continue;
    for (const [index, { matches }] of rules.entries())
      for (const one of matches.length === 0 ? [{}] : matches) {
        const rank = rankOf(one);
        if (takes(one, asked) && (best === undefined || isAhead(rank, best.rank)))
          best = { rank, backend: backendOf(at, index) };
      }
  }
  return best?.backend;
}

const manifestOf = ({ hostnames, rules }: Route, at: number) => ({
  apiVersion: "gateway.networking.k8s.io/v1",
  kind: "HTTPRoute",
  metadata: { name: `r${at}` },
  spec: {
    hostnames,
    rules: rules.map(({ matches }, index) => ({
      matches,
      backendRefs: [{ name: backendOf(at, index), port: 80 }],
    })),
  },
});

/** An origin for every backend that has a name. */
const ORIGINS = new (class extends Map<string, string> {
  override get(name: string): string {
    return `https://${name.replace(/^default\//, "").replace(/:80$/, "")}.origin.example`;
  }
})();

test("whatever routes are imported, each request gets the backend that the Gateway API gives it", () => {
  let served = 0;
  check(
    fc.property(
      fc.array(route, { minLength: 1, maxLength: 3 }),
      fc.array(request, { minLength: 12, maxLength: 12 }),
      (routes, requests) => {
        const { policies, reports } = importManifests(routes.map(manifestOf), ORIGINS);
        expect(reports.filter(({ level }) => level === "error")).toEqual([]);
        for (const asked of requests) {
          const key = keyOf(routes, asked.host);
          const parsed =
            key === undefined
              ? undefined
              : parseValue(policies[key], { allowPrivateOrigins: false });
          const outcome =
            key !== undefined && parsed?.ok === true
              ? decide(compile(parsed.policy, key), factsFrom(asked))
              : undefined;
          const origin = outcome?.do === "forward" ? outcome.variant.origin.origin : undefined;
          const backend = backendFor(routes, asked);
          if (backend !== undefined) served += 1;
          expect(origin).toBe(
            backend === undefined ? undefined : `https://${backend}.origin.example`,
          );
        }
      },
    ),
    { runs: 150 },
  );
  expect(served).toBeGreaterThan(300);
});
