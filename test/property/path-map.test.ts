import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decide } from "../support/decide.ts";
import { targetUrl } from "../../src/gateway/forward/target.ts";
import type { Origin } from "../../src/policy/compiled.ts";
import { normalPath, normalPrefix } from "../../src/lib/path.ts";
import type { Single } from "../../src/policy/schema.ts";
import { check } from "../support/property.ts";
import { factsFrom } from "./arbitraries/facts.ts";
import { originUrls, rewrites } from "./arbitraries/origins.ts";
import { arrivalPath, keySets, paths, prefixes, rawPaths } from "./arbitraries/paths.ts";
import { ready } from "./population.ts";

/** Paths go wrong in rare ways only. */
const RUNS = 2000;

/** To make a map and its policy takes longer than a look into it: each is looked into so often. */
const LOOKS = 4;

const search = fc.constantFrom("", "?x=1", "?a=/../&b=%2e%2e", "?");

const isExact = (key: string) => key.startsWith("=");

/** A key as its own request would arrive, by the WHATWG parser; without the slash at its end that is not taken off. */
const arrivedPrefix = (key: string) =>
  isExact(key)
    ? arrivalPath(key.slice(1)).replace(/\/$/, "")
    : arrivalPath(key).replace(/\/+$/, "");

/**
 * What the contract says, in the slowest way: a key for just this path, or of all keys that it lies
 * under on a segment boundary the longest.
 */
function naive(keys: readonly string[], path: string): string | undefined {
  const own = keys.find((key) => isExact(key) && arrivalPath(key.slice(1)) === path);
  if (own !== undefined) return own;
  return keys
    .filter((key) => {
      if (isExact(key)) return false;
      const prefix = arrivedPrefix(key);
      return prefix === "" || path === prefix || path.startsWith(`${prefix}/`);
    })
    .toSorted((a, b) => arrivedPrefix(a).length - arrivedPrefix(b).length)
    .at(-1);
}

/** A path-map that names each key's origin after its place in the list. */
function mapOf(keys: readonly string[], strip: readonly boolean[] = []) {
  const children = keys.map((key, index): [string, Single] => [
    key,
    { origin: `https://o${index}.example.com`, stripPrefix: strip[index] ?? false },
  ]);
  return ready({ strategy: "path-map", paths: Object.fromEntries(children) });
}

/** An origin as requests are sent to it. */
function originOf(url: string): Origin {
  const decision = decide(ready(url), factsFrom());
  if (decision === undefined) throw new Error("a single policy serves every path");
  return decision.variant.origin;
}

/** Paths that lie under one of the keys more often than chance would have it. */
const pathsAmong = (keys: readonly string[]) =>
  fc.oneof(
    paths,
    fc
      .tuple(fc.constantFrom(...keys), rawPaths, fc.constantFrom("", "/", "//"))
      .map(([key, rest, glue]) => arrivalPath(key.replace(/^=/, "") + glue + rest.slice(1))),
    fc.constantFrom(...keys).map((key) => arrivalPath(key.replace(/^=/, ""))),
  );

const cases = keySets(8).chain((keys) =>
  fc.record({
    keys: fc.constant(keys),
    all: fc.array(pathsAmong(keys), { minLength: LOOKS, maxLength: LOOKS }),
    strip: fc.array(fc.boolean(), { minLength: keys.length, maxLength: keys.length }),
  }),
);

describe("matching", () => {
  test("equals a naive search: the exact path, else the longest prefix", () => {
    check(
      fc.property(cases, ({ keys, all }) => {
        const policy = mapOf(keys);
        for (const path of all) {
          const found = decide(policy, factsFrom({ path }))?.variant.origin.host;
          const wanted = naive(keys, path);
          expect(found).toBe(wanted && `o${keys.indexOf(wanted)}.example.com`);
        }
      }),
      { runs: RUNS / LOOKS },
    );
  });

  test("does not depend on the order of the keys", () => {
    check(
      fc.property(cases, ({ keys, all }) => {
        const found = (list: readonly string[]) => {
          const policy = mapOf(list);
          return all.map((path) => {
            const host = decide(policy, factsFrom({ path }))?.variant.origin.host ?? "";
            return list[Number(/\d+/.exec(host)?.[0])];
          });
        };
        expect(found(keys.toReversed())).toEqual(found(keys));
      }),
    );
  });

  test("a key matches its own path, with and without a slash, and all below, however it is encoded", () => {
    check(
      fc.property(prefixes, fc.boolean(), (key, encoded) => {
        const policy = mapOf([key]);
        const base = key.replace(/\/$/, "");
        const spelt = encoded ? base.replace(/(?<!%.?)[a-z]/g, escapeOf) : base;
        for (const path of [spelt === "" ? "/" : spelt, `${spelt}/`, `${spelt}/below`])
          expect(decide(policy, factsFrom({ path: arrivalPath(path) }))).toBeDefined();
      }),
      { runs: RUNS },
    );
  });
});

/** A letter as its percent-encoding. */
const escapeOf = (letter: string) => `%${letter.charCodeAt(0).toString(16)}`;

describe("normal form", () => {
  test("is one form: to normalise twice is to normalise once", () => {
    check(
      fc.property(paths, (path) => {
        expect(normalPath(path)).toBe(path);
        expect(arrivalPath(path)).toBe(path);
      }),
      { runs: RUNS },
    );
  });

  test("changes no meaning: segment by segment, the origin decodes what the client encoded", () => {
    const octets = (path: string) =>
      path
        .split("/")
        .map((segment) =>
          segment.replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) =>
            String.fromCharCode(Number.parseInt(hex, 16)),
          ),
        );
    check(
      fc.property(rawPaths, (raw) => {
        const parsed = new URL(`http://gateway.example${raw}`).pathname;
        expect(octets(normalPath(parsed))).toEqual(octets(parsed));
      }),
      { runs: RUNS },
    );
  });

  test("a prefix is in the form its own request has", () => {
    check(
      fc.property(prefixes, (key) => {
        expect(normalPrefix(key)).toBe(arrivedPrefix(key));
      }),
      { runs: RUNS },
    );
  });
});

describe("forwarding", () => {
  test("what was matched is what is forwarded: the path, less the prefix where that is to be stripped", () => {
    check(
      fc.property(cases, originUrls, ({ keys, all, strip }, base) => {
        const [policy, origin] = [mapOf(keys, strip), originOf(base)];
        const decided = all.map((path) => ({
          path,
          decision: decide(policy, factsFrom({ path })),
        }));
        fc.pre(decided.some(({ decision }) => decision !== undefined));
        for (const { path, decision } of decided) {
          if (decision === undefined) continue;
          const wanted = naive(keys, path) ?? "";
          const prefix = strip[keys.indexOf(wanted)] === true ? arrivedPrefix(wanted) : "";
          expect(decision.stripped).toBe(prefix);
          expect(decision.path).toBe(path.slice(prefix.length) || "/");

          const sent = new URL(targetUrl(origin, decision.path, ""));
          expect(normalPath(sent.pathname)).toBe(origin.base + decision.path);
        }
      }),
      // Some paths lie under no key: twice as many as others look into keep as many that do.
      { runs: (2 * RUNS) / LOOKS },
    );
  });

  test("the joined URL never leaves the origin's host or its base path, and keeps the query as it came", () => {
    check(
      fc.property(originUrls, rawPaths, search, (base, raw, query) => {
        const origin = originOf(base);
        const wanted = new URL(base);
        const sent = new URL(targetUrl(origin, arrivalPath(raw), query));
        expect(sent.origin).toBe(wanted.origin);
        expect(sent.username + sent.password + sent.hash).toBe("");
        const under = normalPath(wanted.pathname).replace(/\/+$/, "");
        expect(sent.pathname.startsWith(`${under}/`)).toBe(true);
        expect(sent.search).toBe(query === "?" ? "" : query);
      }),
      { runs: RUNS },
    );
  });

  test("a rewritten path is one that its parser leaves alone, below the base and what stands in place of the prefix", () => {
    const requests = keySets(4).chain((keys) =>
      fc.record({
        keys: fc.constant(keys),
        path: pathsAmong(keys),
        rewrite: rewrites,
        base: originUrls,
      }),
    );
    check(
      fc.property(requests, search, ({ keys, rewrite, base, path }, query) => {
        const children = keys.map((key): [string, Single] => [key, { origin: base, rewrite }]);
        const policy = ready({ strategy: "path-map", paths: Object.fromEntries(children) });
        const decision = decide(policy, factsFrom({ path }));
        fc.pre(decision !== undefined);
        const { origin } = decision.variant;
        const sent = targetUrl(origin, decision.path, query);
        const parsed = new URL(sent);
        expect(parsed.origin).toBe(new URL(base).origin);
        expect(parsed.pathname).toBe(sent.slice(origin.origin.length, sent.length - query.length));
        const rest = path.slice(arrivedPrefix(naive(keys, path) ?? "").length);
        const put = arrivalPath(rewrite.path ?? (rewrite.prefix || "/"));
        const below = rewrite.path === undefined ? put.replace(/\/$/, "") + rest : put;
        expect(parsed.pathname).toBe(origin.base + (below || "/"));
        expect(normalPath(parsed.pathname)).toBe(parsed.pathname);
      }),
      { runs: RUNS },
    );
  });

  test("nested path-maps strip each its own prefix, and what is left is the path", () => {
    const nested = fc.record({ outer: prefixes, inner: prefixes, rest: paths });
    check(
      fc.property(nested, ({ outer, inner, rest }) => {
        const policy = ready({
          strategy: "path-map",
          paths: {
            [outer]: {
              strategy: "path-map",
              stripPrefix: true,
              paths: { [inner]: "https://o.example.com" },
            },
          },
        });
        const stripped = arrivedPrefix(outer) + arrivedPrefix(inner);
        const decision = decide(policy, factsFrom({ path: stripped + rest }));
        expect(decision?.stripped).toBe(stripped);
        expect(decision?.path).toBe(rest);
      }),
      { runs: RUNS },
    );
  });
});
