import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { MAX_ANSWER_CHARS, MAX_CURSOR_CHARS, MAX_ECHO_CHARS } from "../../../src/api/limits.ts";
import { OPERATIONS } from "../../../src/api/operations.ts";
import { A, api, canary, create, match } from "./api.ts";

const pathOf = (path: string): string =>
  path.replace(":key", "hard").replace(":version", "1").replace(":action", "abort");

const all = OPERATIONS.map(({ id, method, path }) => ({ id, method, path: pathOf(path) }));

describe("a page of another site", () => {
  const foreign = [
    { origin: "https://evil.example.org" },
    { origin: "https://control.example.com.evil.org" },
    { origin: "https://control.example.com:8443" },
    { origin: "null" },
  ];
  const fetched = ["cross-site", "same-site"].map((site) => ({ "sec-fetch-site": site }));

  it.each(all)("cannot make a browser ask $method $path", async ({ method, path }) => {
    const sends = method === "GET" ? foreign : [...foreign, ...fetched];
    for (const headers of sends)
      expect(
        await api(method, path, { headers: headers as unknown as Record<string, string> }),
      ).toMatchObject({
        status: 403,
        body: { code: "cross-site" },
      });
  });

  it.each(all)("is told apart from one of this site: $method $path", async ({ method, path }) => {
    for (const headers of [
      { origin: "https://control.example.com", "sec-fetch-site": "same-origin" },
      { "sec-fetch-site": "none" },
    ])
      expect((await api(method, path, { headers })).body["code"]).not.toBe("cross-site");
  });
});

describe("a query parameter", () => {
  it.each(all)(
    "that $method $path does not take is refused by its name",
    async ({ method, path }) => {
      const answer = await api(method, `${path}?limitt=1`, method === "GET" ? {} : { body: {} });
      expect(answer).toMatchObject({ status: 400, body: { code: "query-invalid" } });
      expect(answer.body["detail"]).toContain('"limitt"');
    },
  );

  it("that is given twice is refused, and a long one is not repeated", async () => {
    expect(await api("GET", "/routes?limit=1&limit=2")).toMatchObject({
      status: 400,
      body: { detail: '"limit" is given twice' },
    });
    const { body } = await api("GET", `/routes?${"x".repeat(5000)}=1`);
    expect(JSON.stringify(body).length).toBeLessThan(1000);
    expect((await api("GET", "/routes?limitt=1")).body["detail"]).toContain('did you mean "limit"');
  });
});

describe("a forged cursor", () => {
  it.each(["x", "!!", "%00", "AAAA", ",", "%25,", "a,b,c", "eyJhIjoxfQ", "../..", "💥"])(
    "%s is the caller's fault",
    async (cursor) => {
      const { status } = await api("GET", `/routes?cursor=${encodeURIComponent(cursor)}`);
      expect([200, 400]).toContain(status);
    },
  );

  it("that KV does not take is a 400, and a KV that fails is still a 503", async () => {
    const kv = (works: boolean) =>
      ({
        list: async ({ cursor }: { cursor?: string }) => {
          if (!works || cursor !== undefined) throw new Error("bad cursor");
          return env.ROUTING_CONFIG.list({ limit: 1 });
        },
      }) as unknown as KVNamespace;
    for (const key of ["one", "two", "three"]) await env.ROUTING_CONFIG.put(key, A);
    const alone = { ...env, HUBS: undefined } as unknown as Cloudflare.Env;
    const first = await api("GET", "/routes?limit=1", { env: alone });
    const cursor = encodeURIComponent(String(first.body["cursor"]));
    const list = async (works: boolean) =>
      (
        await api("GET", `/routes?limit=1&cursor=${cursor}`, {
          env: { ...alone, ROUTING_CONFIG: kv(works) },
        })
      ).status;
    expect([await list(true), await list(false)]).toEqual([400, 503]);
  });

  it("that this list did not give is a 400, and none names a route", async () => {
    for (const key of ["seen", "unseen"]) await env.ROUTING_CONFIG.put(key, A);
    const { body } = await api("GET", "/routes?limit=1");
    const cursor = String(body["cursor"]);
    expect(cursor).toMatch(/^[\w-]+$/);
    for (const forged of [",forged", "seen", `${cursor}A`, cursor.slice(1), btoa("seen\n")])
      expect((await api("GET", `/routes?cursor=${encodeURIComponent(forged)}`)).status).toBe(400);
  });

  it("has a length that ends somewhere", async () => {
    const list = async (chars: number) =>
      (await api("GET", `/routes?cursor=${"A".repeat(chars)}`)).body["detail"] ?? "";
    expect(await list(MAX_CURSOR_CHARS)).not.toContain("characters");
    expect(await list(MAX_CURSOR_CHARS + 1)).toContain(`${MAX_CURSOR_CHARS} characters`);
    expect(await list(0)).toContain("1 to");
  });
});

describe("an answer", () => {
  const long = "x".repeat(1500);
  const many = (host: string) => ({
    strategy: "path-map",
    paths: Object.fromEntries(
      Array.from({ length: 150 }, (_, n) => [
        `/${n}${long}`,
        `https://${host}.example.com/${long}`,
      ]),
    ),
  });
  const size = (body: unknown): number => JSON.stringify(body).length;

  it("repeats a thousand characters of one value and 64 KB in all, whoever asks for what", async () => {
    await create("bounded", many("a"));
    const done = await api("PUT", "/routes/bounded", {
      headers: match(1),
      body: { policy: many("b") },
    });
    expect(done.status).toBe(200);
    const late = await api("PUT", "/routes/bounded", { headers: match(1), body: { policy: A } });
    const diff = await api("GET", "/routes/bounded/diff?from=1&to=2");
    const preview = await api("POST", "/routes/bounded/preview", { body: { version: 1 } });
    const deleted = await api("DELETE", "/routes/bounded", { headers: match(2) });
    for (const { body } of [done, late, diff, preview, deleted]) {
      expect(size(body)).toBeLessThan(65_536);
      expect(JSON.stringify(body)).not.toContain("x".repeat(MAX_ECHO_CHARS + 1));
    }
    expect(late.body).toMatchObject({ code: "precondition-failed", since: 1 });
    expect(late.body["changesLeftOut"]).toBeGreaterThan(0);
    expect(MAX_ANSWER_CHARS).toBeLessThan(65_536);
  });

  it("repeats little of a long pointer, and of a request that leads to many keys", async () => {
    await create("bounded-2", canary(5));
    const body = { node: `/${"n".repeat(4000)}` };
    const result = await api("POST", "/routes/bounded-2/actions/abort", {
      headers: match(1),
      body,
    });
    expect(result.status).toBe(409);
    expect(size(result.body)).toBeLessThan(1500);
    const url = `https://${"a.".repeat(120)}example.com/other/`;
    const elsewhere = await api("POST", "/routes/bounded-2/explain", {
      body: { request: { url } },
    });
    expect(elsewhere.status).toBe(422);
    expect(size(elsewhere.body)).toBeLessThan(1500);
  });
});
