import { describe, expect, test } from "vitest";
import { DEFAULT_TIMEOUT_MS } from "../../../src/policy/limits.ts";
import { ready } from "../../property/population.ts";
import { canary, ORIGIN, pathMap, single, weighted } from "./judge.ts";
import type { Node } from "../../../src/policy/compiled.ts";
import { leaf, leafAt } from "./leaf.ts";

const KEY = "shop.example.com";

const inside = (node: Node | undefined, path: string) =>
  node?.kind === "map" ? node.definition.step(node, path)?.node : undefined;

describe("fields of a path-map are defaults for its children", () => {
  const fields = {
    experiment: "autumn",
    epoch: 3,
    sticky: { mode: "pin", cookie: { name: "mine", domain: ".Shop.Example.com" } },
    coverage: 50,
    group: { name: "pricing", from: 0, to: 50 },
    headers: { request: { set: { "x-a": "1" } } },
    timeoutMs: 1000,
    retry: { attempts: 2 },
    rescue: true,
    assetRescue: true,
    fallback: "https://fallback.example.com",
    mirror: { origin: "https://mirror.example.com", percent: 5 },
    override: "off",
    bots: "treatment",
    consent: { cookie: "ok", value: "1" },
  };

  test("each of them reaches a child that says nothing, through several levels", () => {
    const direct = leafAt(ready(weighted(fields)));
    const child = leafAt(ready(pathMap({ ...fields, paths: { "/a": weighted() } })), "/a");
    const { root } = ready(
      pathMap({ ...fields, paths: { "/a": pathMap({ paths: { "/b": weighted() } }) } }),
    );
    const deep = leaf(inside(inside(root, "/a"), "/b"));
    // The salt is made of the path, and the draws of the salt.
    const ofPlace = { path: "", salt: "", draw: undefined };
    expect({ ...child, ...ofPlace }).toEqual({ ...direct, ...ofPlace });
    expect({ ...deep, ...ofPlace }).toEqual({ ...direct, ...ofPlace });
    expect([child.salt, deep.salt]).toEqual([`${KEY}/a@3`, `${KEY}/a/b@3`]);
  });

  test("children that say nothing share what is made of it, and those that say something do not", () => {
    const { root } = ready(
      pathMap({
        timeoutMs: 1000,
        fallback: fields.fallback,
        paths: {
          "/a": weighted(),
          "/b": weighted(),
          "/c": pathMap({ paths: { "/d": weighted() } }),
          "/e": weighted({ timeoutMs: 7 }),
        },
      }),
    );
    const [c, ...direct] = ["/c", "/a", "/b", "/e"].map((path) => inside(root, path));
    const [one, two, own, deep] = [...direct, inside(c, "/d")].map((node) => leaf(node).fallback);
    expect(one?.timeoutMs).toBe(1000);
    expect([two === one, deep === one, own === one]).toEqual([true, true, false]);
    expect(own).toEqual({ ...one, timeoutMs: 7 });
  });

  test("a child's own field replaces it whole", () => {
    const own = {
      sticky: { onZero: "evict" },
      headers: { response: { set: { "x-b": "2" } } },
      retry: { attempts: 1, on: [503] },
      consent: { cookie: "other" },
      group: { name: "other", from: 1, to: 2 },
      mirror: { origin: ORIGIN, percent: 1 },
      epoch: 4,
      timeoutMs: 7,
    };
    const child = leafAt(ready(pathMap({ ...fields, paths: { "/a": weighted(own) } })), "/a");
    expect(child.sticky).toMatchObject({ mode: "hash", onZero: "evict", cookie: { name: "sy" } });
    expect(child.variants[0].edits.request).toEqual([]);
    expect(child.variants[0].edits.response).toEqual([{ kind: "set", name: "x-b", value: "2" }]);
    expect(child.retry).toEqual({ attempts: 1, on: new Set([503]) });
    expect(child.consent).toEqual({ cookie: "other", value: undefined });
    expect(child.group).toEqual(own.group);
    expect(child.mirror?.[0]?.percent).toBe(1);
    expect(child.salt).toBe(`${KEY}/a@4`);
    expect(child.variants[0].timeoutMs).toBe(7);
    expect(
      leafAt(ready(pathMap({ ...fields, paths: { "/a": weighted({ sticky: false }) } })), "/a")
        .sticky,
    ).toBe(false);
  });

  test("a salt stands in place of the route's key below, and is not any child's own", () => {
    const saltAt = (policy: unknown, path: string) => {
      let node: Node | undefined = ready(policy).root;
      while (node?.kind === "map") node = node.definition.step(node, path)?.node;
      return leaf(node).salt;
    };
    const two = pathMap({ salt: "s", paths: { "/a": weighted(), "/b": weighted() } });
    expect([saltAt(two, "/a"), saltAt(two, "/b")]).toEqual(["s/a", "s/b"]);
    const paths = { "/a/b": weighted(), "/a/c": weighted({ salt: "own" }) };
    const inner = (more: object) =>
      pathMap({ salt: "s", paths: { "/a": pathMap({ ...more, paths }) } });
    expect(saltAt(inner({}), "/a/b")).toBe("s/a/a/b");
    expect(saltAt(inner({ salt: "t" }), "/a/b")).toBe("t/a/a/b");
    expect(saltAt(inner({ salt: "t" }), "/a/c")).toBe("own");
    expect(saltAt(inner({ epoch: 2 }), "/a/b")).toBe("s/a/a/b@2");
  });

  test("a bare URL takes them too, and the cookie's domain is a plain one", () => {
    const child = leafAt(
      ready(pathMap({ ...fields, bots: "split", paths: { "/a": ORIGIN } })),
      "/a",
    );
    expect(child.variants[0].timeoutMs).toBe(1000);
    expect(child.sticky).toMatchObject({ cookie: { domain: "shop.example.com" } });
  });

  test("rules are the path-map's own", () => {
    const rules = [{ name: "beta", match: { bot: true }, policy: canary() }];
    const policy = ready(pathMap({ timeoutMs: 9, rules, paths: { "/a": weighted() } }));
    expect(leafAt(policy, "/a").rules).toEqual([]);
    expect(policy.root.rules.map(({ name }) => name)).toEqual(["beta"]);
    expect(leaf(policy.root.rules[0]?.node).variants[0].timeoutMs).toBe(9);
  });

  test("a split hands nothing down to the policies of its rules", () => {
    const rules = [{ name: "beta", match: { bot: true }, policy: canary() }];
    const { root } = ready(weighted({ timeoutMs: 9, salt: "mine", rules }));
    expect(leaf(root.rules[0]?.node).variants[0].timeoutMs).toBe(DEFAULT_TIMEOUT_MS);
    expect(leaf(root.rules[0]?.node).salt).toBe(`${KEY}#beta`);
  });

  test("bots that a child has no variant for, and the word split, mean nothing", () => {
    const child = (bots: string) => leafAt(ready(pathMap({ bots, paths: { "/a": ORIGIN } })), "/a");
    expect(child("treatment").bots).toBeUndefined();
    expect(leafAt(ready(weighted({ bots: "split" }))).bots).toBeUndefined();
    expect(leafAt(ready(weighted({ bots: "treatment" }))).bots?.name).toBe("treatment");
  });
});

describe("stripPrefix", () => {
  const strips = (fields: object, child: unknown) => {
    const { root } = ready(pathMap({ ...fields, paths: { "/a": child } }));
    return root.kind === "map" && root.definition.step(root, "/a")?.stripped === "/a";
  };

  test.each([
    [{}, single(), false],
    [{}, single({ stripPrefix: true }), true],
    [{ stripPrefix: true }, single(), true],
    [{ stripPrefix: true }, ORIGIN, true],
    [{ stripPrefix: true }, single({ stripPrefix: false }), false],
    [{ stripPrefix: false }, single({ stripPrefix: true }), true],
  ])("on the path-map %j, child %j: %s", (fields, child, stripped) => {
    expect(strips(fields, child)).toBe(stripped);
  });
});
