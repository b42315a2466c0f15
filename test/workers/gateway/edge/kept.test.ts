import { describe, expect, test } from "vitest";

import { halves, HOST, one, world, type Origin } from "./world.ts";

const HIT = /^switchyard; hit; ttl=(\d+)$/;
const saying =
  (headers: Record<string, string>, status = 200): Origin =>
  () =>
    new Response(status === 204 ? null : "page", { status, headers });
const cached = (value: string) => saying({ "cache-control": value });
const at = (seconds: number) => new Date(Date.UTC(2026, 10, 23, 12) + seconds * 1000).toUTCString();
const having = (headers: Record<string, string>): RequestInit => ({ headers });

describe("an answer serves others", () => {
  const apart = one({ cache: { ttlSeconds: 60, vary: ["cookie", "x-app"] } });

  test.each<[string, number, Origin]>([
    ["for the policy's time where the origin says nothing", 60, saying({})],
    ["for the policy's time at most", 60, cached("max-age=600")],
    ["for what is left of the origin's", 25, saying({ "cache-control": "max-age=40", age: "15" })],
    [
      "for the origin's, counted from its date",
      10,
      saying({ "cache-control": "max-age=40", date: at(-30) }),
    ],
    ["for shared caches' own time", 5, cached("max-age=600, s-maxage=5")],
    ["longer than for browsers", 50, cached("max-age=0, s-maxage=50")],
    ["for a quoted time", 7, cached('max-age="7"')],
    ["for a time said twice alike", 7, cached("max-age=7, max-age=7")],
    ["until a date", 30, saying({ expires: at(30) })],
    ["until a date, by the origin's clock", 20, saying({ expires: at(80), date: at(60) })],
    ["until a date in the oldest form", 30, saying({ expires: "Mon Nov 23 12:00:30 2026" })],
    [
      "by max-age, whatever its date",
      9,
      saying({ expires: at(-30), "cache-control": "max-age=9" }),
    ],
    [
      "for the shortest of what is said to caches",
      8,
      saying({ "cache-control": "max-age=40", "cdn-cache-control": "max-age=8" }),
    ],
    [
      "no longer than others may",
      40,
      saying({ "cache-control": "max-age=40", "surrogate-control": "max-age=55" }),
    ],
    ["with extensions that nobody knows", 60, cached('community="UCI, no-store", public')],
    [
      "though an old field says no-cache",
      40,
      saying({ pragma: "no-cache", "cache-control": "max-age=40" }),
    ],
    ["by fields that keep copies apart anyway", 60, saying({ vary: "accept-encoding,ORIGIN" })],
    ["by a field that is named", 60, saying({ vary: "X-App" })],
    ["by cookies where that is named, for who has none", 60, saying({ vary: "Cookie" })],
    ["as nothing", 60, saying({}, 204)],
    ["as a way for good", 60, saying({ location: "/x" }, 301)],
    [
      "as a way for now, where it says for how long",
      30,
      saying({ location: "/x", "cache-control": "max-age=30" }, 302),
    ],
  ])("%s", async (_, seconds, origin) => {
    const { ask } = world({ [HOST]: apart }, { origin });
    const first = await ask("/");
    const second = await ask("/");
    expect(HIT.exec(second.told ?? "")?.[1]).toBe(String(seconds));
    expect([second.status, second.text]).toEqual([first.status, first.text]);
    expect(second.headers.get("location")).toBe(first.headers.get("location"));
  });

  test("unpacked, so that everybody can read it", async () => {
    for (const coding of ["gzip", "br"]) {
      const packed = saying({
        "content-encoding": coding,
        "content-digest": "sha-256=:AA==:",
        etag: '"v1"',
        vary: "accept-encoding",
      });
      const { ask } = world({ [HOST]: one() }, { origin: packed });
      await ask("/", having({ "accept-encoding": "gzip, br" }));
      const { headers, ...next } = await ask("/");
      expect(next).toMatchObject({ asked: 0, text: "page" });
      expect(["content-encoding", "content-digest"].map((name) => headers.has(name))).toEqual([
        false,
        false,
      ]);
      expect([headers.get("etag"), headers.get("vary")]).toEqual(['W/"v1"', "accept-encoding"]);
    }
  });

  test("without cookies of theirs: ours are none", async () => {
    const { ask } = world({ [HOST]: halves({ force: "a" }) });
    await ask("/");
    const id = `1.${"A".repeat(22)}.sabcde.sabcde`;
    for (const cookie of [`sy=${id}`, `other=${id}`, "CF_Authorization=x", "sy-override=x", ""])
      expect((await ask("/", having({ cookie }))).asked).toBe(0);
  });

  test("with cookies that the policy keeps from the origin", async () => {
    for (const request of [{ remove: ["cookie"] }, { set: { Cookie: "fixed=1" } }]) {
      const { ask, asked } = world({ [HOST]: one({ headers: { request } }) });
      await ask("/", having({ cookie: "session=1" }));
      expect(await ask("/", having({ cookie: "session=2" }))).toMatchObject({ asked: 0 });
      expect(asked.map(({ headers }) => headers.get("cookie"))).not.toContain("session=1");
    }
    const adding = one({ headers: { request: { add: { cookie: "more=1" } } } });
    const { ask } = world({ [HOST]: adding });
    expect((await ask("/", having({ cookie: "session=1" }))).told).toContain("detail=cookie");
  });
});

describe("a client with a copy of its own", () => {
  const head = {
    etag: 'W/"v,1"',
    "last-modified": at(-60),
    "content-language": "en",
    vary: "origin",
  };
  const open = async (headers: Record<string, string> = head) => {
    const one_ = world(
      { [HOST]: one() },
      { origin: saying({ ...headers, "content-type": "text/css" }) },
    );
    await one_.ask("/");
    return async (asked: Record<string, string>, method = "GET") => {
      const answer = await one_.ask("/", { method, headers: asked });
      expect(answer.asked).toBe(0);
      return answer;
    };
  };

  test.each<[string, number, Record<string, string>]>([
    ["by its tag", 304, { "if-none-match": 'W/"v,1"' }],
    ["by its tag, compared weakly", 304, { "if-none-match": '"v,1"' }],
    ["by one of several tags", 304, { "if-none-match": '"a", W/"v,1" , "b"' }],
    ["by any tag", 304, { "if-none-match": "*" }],
    ["by another tag", 200, { "if-none-match": '"v,2"' }],
    ["by a part of it", 200, { "if-none-match": '"v' }],
    [
      "by another tag, whatever its date",
      200,
      { "if-none-match": '"a"', "if-modified-since": at(0) },
    ],
    ["by its date", 304, { "if-modified-since": at(-60) }],
    ["by a later date", 304, { "if-modified-since": at(0) }],
    ["by an earlier date", 200, { "if-modified-since": at(-61) }],
    ["by what is not a date", 200, { "if-modified-since": "yesterday" }],
  ])("%s gets a %i", async (_, status, asked) => {
    const ask = await open();
    const answer = await ask(asked);
    expect(answer.status).toBe(status);
    expect(answer.headers.get("etag")).toBe(head.etag);
    expect([answer.headers.get("vary"), answer.headers.get("age")]).toEqual(["origin", "0"]);
    const isWhole = status === 200;
    expect([answer.text !== "", answer.headers.has("content-type")]).toEqual([isWhole, isWhole]);
    expect(answer.headers.has("content-language")).toBe(isWhole);
    expect((await ask(asked, "HEAD")).status).toBe(status);
  });

  test("of what the origin gave neither a tag nor a date gets it whole", async () => {
    const ask = await open({});
    expect((await ask({ "if-none-match": '"a"' })).status).toBe(200);
    expect((await ask({ "if-modified-since": at(0) })).status).toBe(200);
  });

  test("asks the origin where there is none here, whose 304 is not kept", async () => {
    const { ask } = world({ [HOST]: one() }, { origin: () => new Response(null, { status: 304 }) });
    const asked = having({ "if-none-match": '"a"' });
    for (let visit = 0; visit < 2; visit += 1)
      expect(await ask("/", asked)).toMatchObject({ status: 304, asked: 1 });
  });

  test("of a redirect is sent on", async () => {
    const moved = saying({ location: "/x", etag: '"a"' }, 301);
    const { ask } = world({ [HOST]: one() }, { origin: moved });
    await ask("/");
    expect((await ask("/", having({ "if-none-match": '"a"' }))).status).toBe(301);
  });
});
