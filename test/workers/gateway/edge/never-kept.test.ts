import { describe, expect, test } from "vitest";

import { MAX_BODY_BYTES } from "../../../../src/gateway/cache/storable.ts";
import { MAX_KEY_CHARS } from "../../../../src/gateway/cache/key.ts";
import { signToken, tokenKey } from "../../../../src/override/token.ts";
import { B, halves, HOST, one, world, type Origin } from "./world.ts";

const STORED = "switchyard; fwd=miss; stored";
const missed = (why: string) => `switchyard; fwd=miss; detail=${why}`;
const passed = (why: string) => `switchyard; fwd=bypass; detail=${why}`;
const saying =
  (headers: Record<string, string>, status = 200): Origin =>
  () =>
    new Response(status === 204 ? null : "page", { status, headers });
const cached = (value: string) => saying({ "cache-control": value });
const at = (seconds: number) => new Date(Date.UTC(2026, 10, 23, 12) + seconds * 1000).toUTCString();
const having = (headers: Record<string, string>): RequestInit => ({ headers });

/** Asks twice; what is told of both must be the same, and the origin be asked. */
async function twice(
  policy: unknown,
  init: RequestInit,
  { origin, path = "/", vars = {} }: { origin?: Origin; path?: string; vars?: object } = {},
) {
  const { ask, asked } = world(
    { [HOST]: policy },
    { ...(origin && { origin }), vars: { ...vars } },
  );
  const first = await ask(path, init);
  const second = await ask(path, init);
  expect([first.asked > 0, second.asked > 0, asked.length > 1]).toEqual([true, true, true]);
  expect(second.told).toBe(first.told);
  return second;
}

describe("what the origin says is never kept", () => {
  const apart = one({ cache: { ttlSeconds: 60, vary: ["x-app"] } });
  test.each<[string, string, Origin]>([
    ["a cookie", "set-cookie", saying({ "set-cookie": "a=1" })],
    [
      "a cookie beside an invitation",
      "set-cookie",
      saying({ "set-cookie": "a=1", "cache-control": "public, max-age=60" }),
    ],
    ["private", "private", cached("private")],
    ["private in a list", "private", cached("max-age=60, Private")],
    ["private fields", "private", cached('private="x-a", max-age=60')],
    ["no-store", "no-store", cached("NO-STORE")],
    [
      "no-store beside what would undo it",
      "no-store",
      cached("must-understand, no-store, max-age=9"),
    ],
    ["no-cache", "no-cache", cached("no-cache")],
    ["fields without revalidation", "no-cache", cached('max-age=60, no-cache="set-cookie"')],
    ["no-cache in HTTP/1.0's words", "no-cache", saying({ pragma: "no-cache" })],
    [
      "what CDNs may not",
      "no-store",
      saying({ "cache-control": "max-age=60", "cdn-cache-control": "no-store" }),
    ],
    ["what Cloudflare may not", "private", saying({ "cloudflare-cdn-cache-control": "private" })],
    ["what surrogates may not", "no-store", saying({ "surrogate-control": "no-store" })],
    ["for no time", "stale", cached("max-age=0")],
    ["for no time in shared caches", "stale", cached("max-age=60, s-maxage=0")],
    ["for a time that cannot be read", "stale", cached("max-age=soon")],
    ["for a time below zero", "stale", cached("max-age=-1")],
    ["for two times", "stale", cached("max-age=60, max-age=61")],
    ["until now", "stale", saying({ expires: at(0) })],
    ["until 0", "stale", saying({ expires: "0" })],
    ["until a year alone", "stale", saying({ expires: "9999" })],
    ["until it was sent", "stale", saying({ expires: at(60), date: at(60) })],
    ["what is too old", "stale", saying({ "cache-control": "max-age=60", age: "60" })],
    ["what was sent long ago", "stale", saying({ "cache-control": "max-age=60", date: at(-60) })],
    ["what is older than the policy's time", "stale", saying({ age: "60" })],
    ["everything varies", "vary", saying({ vary: "*" })],
    ["everything, among others, varies", "vary", saying({ vary: "x-app, *" })],
    ["by a field that nobody names", "vary", saying({ vary: "Accept-Encoding, User-Agent" })],
    ["by cookies", "vary", saying({ vary: "Cookie" })],
    ["by what we tell it", "vary", saying({ vary: "X-Switchyard-Reason" })],
    ["a goal that was reached", "goal", saying({ "x-switchyard-goal": "order" })],
    ["in a coding that cannot be undone", "encoding", saying({ "content-encoding": "zstd" })],
    ["in several codings", "encoding", saying({ "content-encoding": "gzip, br" })],
    [
      "in a coding that may not be undone",
      "encoding",
      saying({ "content-encoding": "gzip", "cache-control": "no-transform" }),
    ],
    ["not found", "status", saying({}, 404)],
    ["gone, for a time", "status", saying({ "cache-control": "max-age=60" }, 410)],
    ["found elsewhere for now", "status", saying({ location: "/" }, 302)],
    [
      "a part",
      "status",
      saying({ "content-range": "bytes 0-3/9", "cache-control": "max-age=60" }, 206),
    ],
    ["reset", "status", () => new Response(null, { status: 205 })],
    ["a failure", "failure", saying({ "cache-control": "max-age=60" }, 500)],
  ])("%s", async (_, why, origin) => {
    const { told, status } = await twice(apart, having({ "x-app": "1" }), { origin });
    expect([told, status > 0]).toEqual([missed(why), true]);
  });

  test("a body that is too large, announced or not", async () => {
    const large = async (bytes: number, headers: Record<string, string>) => {
      const { ask } = world(
        { [HOST]: one() },
        { origin: () => new Response(new Uint8Array(bytes), { headers }) },
      );
      const { told, text } = await ask("/");
      expect(text).toHaveLength(bytes);
      return [told, (await ask("/")).asked];
    };
    const length = (bytes: number) => ({ "content-length": String(bytes) });
    const over = MAX_BODY_BYTES + 1;
    expect(await large(MAX_BODY_BYTES, length(MAX_BODY_BYTES))).toEqual([STORED, 0]);
    expect(await large(over, length(over))).toEqual([missed("size"), 1]);
    // Known only when it has come, and so is its telling.
    expect(await large(over, {})).toEqual([STORED, 1]);
  });
});

describe("a request is neither answered from a copy nor leaves one", () => {
  test.each<[string, string, RequestInit]>([
    ["with credentials", "authorization", having({ authorization: "Basic eDp5" })],
    ["with a cookie", "cookie", having({ cookie: "session=1" })],
    ["with a cookie beside ours", "cookie", having({ cookie: "sy=1; theme=dark" })],
    ["for a part", "range", having({ range: "bytes=0-3" })],
    ["for another protocol", "upgrade", having({ upgrade: "websocket" })],
    ["if nothing has changed", "if-match", having({ "if-match": '"a"' })],
    [
      "if nothing has changed since",
      "if-unmodified-since",
      having({ "if-unmodified-since": at(0) }),
    ],
    ["of another method", "method", { method: "OPTIONS" }],
    ["that changes something", "method", { method: "POST", body: "x" }],
    ["that deletes something", "method", { method: "DELETE" }],
  ])("%s", async (_, why, init) => {
    const { ask } = world({ [HOST]: one() });
    expect((await ask("/")).told).toBe(STORED);
    expect(await ask("/", init)).toMatchObject({ told: passed(why), asked: 1 });
    expect((await twice(one(), init)).told).toBe(passed(why));
  });

  test("with consent still to be given", async () => {
    const policy = halves({ consent: { cookie: "ok" } });
    expect((await twice(policy, {})).told).toBe(passed("no-consent"));
  });

  test("of a tester, by link, by its cookie or by field", async () => {
    const secret = "a secret for the links of these tests";
    const token = await signToken(
      { route: HOST, variant: "b", expiresAt: Date.UTC(2026, 10, 23, 13) },
      await tokenKey(secret),
    );
    const policy = halves({ override: "open" });
    const { ask } = world({ [HOST]: policy }, { vars: { OVERRIDE_SECRET: secret } });
    const link = await ask(`/?sy=${token}`);
    expect(link).toMatchObject({ told: passed("override"), text: "b.example" });
    const cookie = link.headers.getSetCookie().find((line) => line.startsWith("sy-override="));
    const session = having({ cookie: cookie?.split(";")[0] ?? "" });
    expect(await ask("/", session)).toMatchObject({ told: passed("override"), asked: 1 });
    const forced = having({ "x-switchyard-force": "b" });
    expect(await ask("/", forced)).toMatchObject({ told: passed("override"), asked: 1 });
    expect((await ask("/")).told).toBe(STORED);
  });

  test("where the origin is told who asks", async () => {
    const policy = one({ visitorHeader: true, sticky: { by: [{ header: "x-user" }] } });
    const vars = { VISITOR_KEY: "000102030405060708090a0b0c0d0e0f" };
    const known = having({ "x-user": "u1" });
    expect((await twice(policy, known, { vars })).told).toBe(passed("visitor"));
  });

  test("of more than a key may say", async () => {
    const { ask } = world({ [HOST]: one() });
    const path = (chars: number) => `/${"x".repeat(chars)}`;
    expect((await ask(path(MAX_KEY_CHARS - 1000))).told).toBe(STORED);
    expect((await ask(path(MAX_KEY_CHARS))).told).toBe(passed("length"));
  });

  test("that wants nothing of it stored", async () => {
    const { ask } = world({ [HOST]: one() });
    const init = having({ "cache-control": "no-store" });
    expect((await ask("/", init)).told).toBe(missed("request"));
    expect((await ask("/")).told).toBe(STORED);
    expect((await ask("/", init)).asked).toBe(0);
  });
});

describe("nobody's answer but the decided variant's is kept", () => {
  const failing: Origin = ({ url }) =>
    url.host === "b.example" ? new Response(url.host) : new Response(null, { status: 503 });

  test.each<[string, object]>([
    ["a rescue's", { strategy: "canary", stable: B, canary: "https://c.example", percent: 100 }],
    ["a fallback's", { origin: "https://c.example", fallback: B }],
  ])("%s is not", async (_, policy) => {
    const { told, text } = await twice(
      { ...policy, cache: { ttlSeconds: 60 } },
      {},
      {
        origin: failing,
      },
    );
    expect([told, text]).toEqual([missed("rescued"), "b.example"]);
  });

  test("another's asset is not", async () => {
    const origin: Origin = ({ url }) =>
      url.host === "b.example" ? new Response("js") : new Response(null, { status: 404 });
    const policy = halves({ assetRescue: true, force: "a" });
    const { told, text } = await twice(policy, {}, { origin, path: "/app.3f9c2b1a.js" });
    expect([told, text]).toEqual([missed("rescued"), "js"]);
  });

  test("an answer of the gateway's own is not", async () => {
    const down: Origin = () => {
      throw new Error("no way there");
    };
    const { told, status } = await twice(one(), {}, { origin: down });
    expect([told, status]).toEqual([missed("failure"), 502]);
    const ended = {
      strategy: "path-map",
      cache: { ttlSeconds: 60 },
      paths: {
        "/r": { strategy: "redirect", path: "/x" },
        "/t": { strategy: "respond", status: 200, body: "t" },
      },
    };
    const { ask } = world({ [HOST]: ended });
    for (const path of ["/r", "/t", "/none"])
      for (let visit = 0; visit < 2; visit += 1)
        expect(await ask(path)).toMatchObject({ told: null, asked: 0 });
  });
});
