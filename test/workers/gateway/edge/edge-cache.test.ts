import { describe, expect, test } from "vitest";

import { A, halves, HOST, one, world } from "./world.ts";

const HIT = /^switchyard; hit; ttl=\d+$/;
const STORED = "switchyard; fwd=miss; stored";

describe("an answer is kept, and serves others", () => {
  test("as the origin sent it, with its age and without asking again", async () => {
    const { ask, clock, origin } = world({ [HOST]: one() });
    origin.answers = () =>
      new Response("page", {
        status: 203,
        headers: {
          "content-type": "text/html; charset=utf-8",
          "cache-control": "public, max-age=40",
          age: "10",
          etag: '"v1"',
          "last-modified": "Mon, 23 Nov 2026 10:00:00 GMT",
          "cache-status": "inner; hit",
          "x-app": "1",
          vary: "Accept-Encoding",
        },
      });
    const first = await ask("/x");
    expect([first.told, first.asked]).toEqual([`inner; hit, ${STORED}`, 1]);
    clock.now += 5000;
    const next = await ask("/x");
    expect([next.status, next.text, next.asked]).toEqual([203, "page", 0]);
    expect(next.told).toBe("inner; hit, switchyard; hit; ttl=25");
    expect(next.headers.get("age")).toBe("15");
    const ofMiss = new Map(first.headers);
    const ofHit = new Map(next.headers);
    for (const headers of [ofMiss, ofHit])
      for (const name of ["age", "cache-status", "x-policy-source"]) headers.delete(name);
    expect(ofHit).toEqual(ofMiss);
  });

  test("until it is stale", async () => {
    const { ask, clock } = world({ [HOST]: one() });
    expect((await ask("/")).told).toBe(STORED);
    clock.now += 59_999;
    expect((await ask("/")).told).toMatch(HIT);
    clock.now += 1;
    expect((await ask("/")).told).toBe(STORED);
    clock.now -= 100_000;
    expect((await ask("/")).asked).toBe(1);
  });

  test("with cookies and fields of our own, which are each visitor's", async () => {
    const { ask } = world({ [HOST]: halves({ headers: { response: { set: { "x-e": "1" } } } }) });
    const cookies = new Set<string>();
    let hits = 0;
    for (let visitor = 0; visitor < 20; visitor += 1) {
      const { headers, told, text, variant } = await ask("/");
      hits += HIT.test(told ?? "") ? 1 : 0;
      cookies.add(headers.get("set-cookie") ?? "");
      expect(headers.getSetCookie()).toHaveLength(1);
      expect(text).toBe(`${variant}.example`);
      expect(headers.get("cache-control")).toBe("private");
      expect([headers.get("x-e"), headers.get("x-reason")]).toEqual(["1", "split"]);
    }
    expect([hits, cookies.size]).toEqual([18, 20]);
  });

  test("to a HEAD, which itself leaves none", async () => {
    const { ask } = world({ [HOST]: one() });
    const head = { method: "HEAD" };
    expect(await ask("/", head)).toMatchObject({
      asked: 1,
      told: "switchyard; fwd=miss; detail=method",
    });
    expect((await ask("/")).told).toBe(STORED);
    const answer = await ask("/", head);
    expect([answer.asked, answer.status, answer.text]).toEqual([0, 200, ""]);
  });

  test("nothing of it where the policy says nothing, or 0", async () => {
    for (const policy of [{ origin: A }, one({ cache: { ttlSeconds: 0 } })]) {
      const { ask } = world({ [HOST]: policy });
      await ask("/");
      expect(await ask("/")).toMatchObject({ asked: 1, told: null });
    }
  });

  test("silently where nothing of the decision is told", async () => {
    const { ask } = world({ [HOST]: one() }, { vars: { EXPOSE_DECISION: "false" } });
    await ask("/");
    expect(await ask("/")).toMatchObject({ asked: 0, told: null });
  });
});

describe("copies are apart", () => {
  const differ = async (
    policy: object,
    first: Parameters<ReturnType<typeof world>["ask"]>,
    second: typeof first,
    vars = {},
  ) => {
    const { ask } = world(
      { [HOST]: policy, "other.example.com": policy, tenant: policy },
      { vars },
    );
    const told: (string | null)[] = [];
    for (const args of [first, first, second, second, first]) told.push((await ask(...args)).told);
    return told;
  };
  const having = (name: string, value: string): RequestInit => ({ headers: { [name]: value } });
  const apart = one({ cache: { ttlSeconds: 60, vary: ["X-App"] } });
  const trusted = { TRUST_FORWARDED: "true" };

  test.each<[string, Parameters<typeof differ>]>([
    ["by path", [one(), ["/a"], ["/b"]]],
    ["by the case of a path", [one(), ["/a"], ["/A"]]],
    ["by a slash at the end", [one(), ["/a"], ["/a/"]]],
    ["by an encoded slash", [one(), ["/a/b"], ["/a%2Fb"]]],
    ["by query", [one(), ["/?a=1"], ["/?a=2"]]],
    ["by an empty query", [one(), ["/a"], ["/a?"]]],
    ["by the order of a query", [one(), ["/?a=1&b=2"], ["/?b=2&a=1"]]],
    ["by how often a parameter comes", [one(), ["/?a=1"], ["/?a=1&a=1"]]],
    ["by host", [one(), ["/"], ["/", {}, "other.example.com"]]],
    ["by tenant", [one(), ["/tenant/"], ["/", {}, "other.example.com"]]],
    ["by a field that is named", [apart, ["/", having("x-app", "1")], ["/", having("x-app", "2")]]],
    ["by its absence", [apart, ["/", having("x-app", "")], ["/"]]],
    ["by another site's name", [one(), ["/"], ["/", having("origin", "https://o.example")]]],
    ["by a trusted host", [one(), ["/"], ["/", having("x-forwarded-host", "o.example")], trusted]],
    ["by a trusted scheme", [one(), ["/"], ["/", having("x-forwarded-proto", "http")], trusted]],
    ["by a trusted prefix", [one(), ["/"], ["/", having("x-forwarded-prefix", "/p")], trusted]],
    ["by a trusted port", [one(), ["/"], ["/", having("x-forwarded-port", "1")], trusted]],
  ])("%s", async (_, args) => {
    const hit: unknown = expect.stringMatching(HIT);
    expect(await differ(...args)).toEqual([STORED, hit, STORED, hit, hit]);
  });

  test.each<[string, RequestInit]>([
    ["a field that nobody names", having("x-app", "2")],
    ["coding", having("accept-encoding", "gzip, br")],
    ["what is no longer there", having("x-forwarded-host", "o.example")],
    ["a reload", having("cache-control", "no-cache")],
  ])("not by %s", async (_, init) => {
    const { ask } = world({ [HOST]: one() });
    await ask("/");
    expect((await ask("/", init)).told).toMatch(HIT);
  });

  test("by spellings of one path not at all, for they reach the origin as one", async () => {
    const { ask, asked } = world({ [HOST]: one() });
    await ask("/a/b");
    for (const path of ["/%61/b", "/x/../a/b", "/a/./b", "/a/b#c"])
      expect((await ask(path)).told).toMatch(HIT);
    expect(asked.map(({ url }) => url.pathname)).toEqual(["/a/b"]);
  });

  test("by version of the policy: to publish it is to forget what was kept", async () => {
    const { ask, put, clock } = world({ [HOST]: halves({ force: "a" }) });
    await ask("/");
    expect((await ask("/")).text).toBe("a.example");
    for (const [fields, text] of [
      [{ force: "b" }, "b.example"],
      [{ force: "b", epoch: 1 }, "b.example"],
      [{ force: "a", epoch: 1 }, "a.example"],
      [{ force: "a", epoch: 1, cache: { ttlSeconds: 61 } }, "a.example"],
    ] as const) {
      put(HOST, halves(fields));
      clock.now += 50_000;
      // Read behind an answer, if memory may still serve.
      await ask("/elsewhere");
      const first = await ask("/");
      expect([first.text, first.asked]).toEqual([text, 1]);
      expect((await ask("/")).asked).toBe(0);
    }
  });

  test("by what rules add to a request, though all lead to one variant's name", async () => {
    const rule = (value: string) => ({
      match: { header: { "x-who": value } },
      policy: { origin: A, headers: { request: { set: { "x-page": value } } } },
    });
    const policy = {
      strategy: "path-map",
      cache: { ttlSeconds: 60 },
      rules: [rule("1"), rule("2")],
    };
    const { ask } = world(
      { [HOST]: policy },
      { origin: ({ headers }) => new Response(headers.get("x-page")) },
    );
    for (const told of [STORED, HIT])
      for (const who of ["1", "2"]) {
        const answer = await ask("/", having("x-who", who));
        expect([answer.text, answer.told]).toEqual([who, expect.stringMatching(told)]);
      }
  });

  test("by variant and by where it leads", async () => {
    const { ask } = world({ [HOST]: halves({ override: "open", sticky: false, bots: "b" }) });
    const bot = { headers: { "user-agent": "Googlebot/2.1" } };
    await ask("/", bot);
    expect(await ask("/", bot)).toMatchObject({ text: "b.example", asked: 0 });
    for (let visit = 0; visit < 20; visit += 1) {
      const { text, variant } = await ask("/");
      expect(text).toBe(`${variant}.example`);
    }
  });
});
