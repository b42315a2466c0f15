import { env } from "cloudflare:workers";
import { runInDurableObject } from "cloudflare:test";
import { describe, expect, it, vi } from "vitest";
import { MAX_DETAIL_CHARS } from "../../../src/ledger/detail.ts";
import { A, B, api, canary, create, match } from "./api.ts";

const kv = env.ROUTING_CONFIG;

const GARBLED = [
  ["text that is not JSON", "{ not JSON"],
  ["a policy that is not valid", '{"strategy":"canry"}'],
  ["nothing at all", ""],
  ["null", "null"],
] as const;

type Edit = readonly [name: string, method: string, below: string, body: object];

const EDITS: readonly Edit[] = [
  ["a PUT", "PUT", "", { policy: canary(9) }],
  ["a PATCH", "PATCH", "", { policy: { percent: 9 } }],
  ["a DELETE", "DELETE", "", {}],
  ["a rollback", "POST", "/rollback", { version: 1 }],
  ["force", "POST", "/actions/force", { variant: "stable" }],
  ["abort", "POST", "/actions/abort", {}],
];

let routes = 0;

/** A route at version 2, so that there is something to go back to. */
async function route(): Promise<string> {
  routes += 1;
  const key = `emergency-${routes}`;
  await create(key, canary(5));
  await api("PUT", `/routes/${key}`, { headers: match(1), body: { policy: canary(6) } });
  return key;
}

describe("a value in KV that is not a policy", () => {
  it.each(GARBLED.flatMap(([what, text]) => EDITS.map((edit) => [...edit, what, text] as const)))(
    "%s is not locked out (%s %s %j) by %s",
    async (_, method, below, body, _what, text) => {
      const key = await route();
      await kv.put(key, text);
      const done = await api(method, `/routes/${key}${below}`, { headers: match(2), body });
      expect(done).toMatchObject({
        status: 200,
        body: { version: 3, replaced: { text, valid: false } },
      });
      const { entries } = (await api("GET", `/routes/${key}/audit`)).body as {
        entries: { detail: string }[];
      };
      expect(entries[0]?.detail).toContain(`replaced in KV: ${text}`);
    },
  );

  it("is gone from KV after it", async () => {
    const key = await route();
    await kv.put(key, "{ not JSON");
    const body = { variant: "stable" };
    await api("POST", `/routes/${key}/actions/force`, { headers: match(2), body });
    await vi.waitFor(
      async () =>
        expect(JSON.parse((await kv.get(key)) ?? "")).toEqual(canary(6, { force: "stable" })),
      { timeout: 10_000 },
    );
    expect((await api("GET", `/routes/${key}`)).body).toMatchObject({ drift: null, published: 3 });
  });

  it("is told by its beginning, however long it is", async () => {
    const key = await route();
    await kv.put(key, `{"long": "${"é".repeat(200_000)}"}`);
    const put = { headers: match(2), body: { policy: A } };
    const { replaced } = (await api("PUT", `/routes/${key}`, put)).body as {
      replaced: { text: string; bytes: number };
    };
    expect([replaced.text.length, replaced.bytes]).toEqual([MAX_DETAIL_CHARS, 400_012]);
  });
});

describe("a valid value that somebody put to KV", () => {
  it.each(EDITS)(
    "holds %s back, unless it says that it overrides",
    async (_, method, below, body) => {
      const key = await route();
      await kv.put(key, JSON.stringify(B));
      const ask = { headers: match(2), body };
      expect(await api(method, `/routes/${key}${below}`, ask)).toMatchObject({
        status: 409,
        body: { code: "drift", detail: expect.stringContaining('"override": true') as string },
      });
      const done = await api(method, `/routes/${key}${below}`, {
        headers: match(2),
        body: { ...body, override: true },
      });
      expect(done).toMatchObject({
        status: 200,
        body: { version: 3, replaced: { text: JSON.stringify(B), valid: true } },
      });
    },
  );

  it("may be all that there is of a route: force then starts from it", async () => {
    await kv.put("only-kv", JSON.stringify(canary(50)));
    const force = (more: object) =>
      api("POST", "/routes/only-kv/actions/force", {
        headers: match(0),
        body: { variant: "stable", ...more },
      });
    expect((await force({})).body["code"]).toBe("drift");
    expect(await force({ override: true })).toMatchObject({ status: 200, body: { version: 1 } });
    expect((await api("GET", "/routes/only-kv")).body["policy"]).toMatchObject({ force: "stable" });
  });
});

describe("a stored version that is not valid any more", () => {
  async function spoilt(): Promise<string> {
    const key = await route();
    const stub = env.LEDGER?.getByName(key);
    if (stub === undefined) throw new Error("no binding");
    const old = JSON.stringify({ strategy: "canary", stable: A, canary: "ftp://x", percent: 5 });
    await runInDurableObject(stub, (_, { storage }) => {
      storage.sql.exec("UPDATE versions SET text = ? WHERE version = 2", old);
    });
    await kv.put(key, old);
    return key;
  }

  it.each(EDITS.filter(([name]) => !["force", "abort"].includes(name)))(
    "does not lock out %s",
    async (_, method, below, body) => {
      const key = await spoilt();
      const mends = method === "PATCH" ? { policy: { canary: B } } : body;
      expect(
        await api(method, `/routes/${key}${below}`, { headers: match(2), body: mends }),
      ).toMatchObject({ status: 200, body: { version: 3 } });
    },
  );

  it("is refused by an action and by a rollback to it, with what can be done", async () => {
    const key = await spoilt();
    const headers = match(2);
    expect(await api("POST", `/routes/${key}/actions/abort`, { headers })).toMatchObject({
      status: 422,
      body: { detail: expect.stringContaining("roll back to a version that is valid") as string },
    });
    const body = { version: 2 };
    expect(await api("POST", `/routes/${key}/rollback`, { headers, body })).toMatchObject({
      status: 422,
      body: { issues: [{ path: "$.canary" }] },
    });
  });

  it("is not put back by republish, unless that says so", async () => {
    const key = await spoilt();
    const republish = (body: object) =>
      api("POST", `/routes/${key}/republish`, { headers: match(2), body });
    expect(await republish({})).toMatchObject({ status: 422, body: { code: "policy-refused" } });
    expect((await republish({ override: true })).status).toBe(200);
  });
});

describe("null", () => {
  it("deletes nothing: not by PUT, not by PATCH, and not adopted from KV", async () => {
    const key = await route();
    for (const method of ["PUT", "PATCH"])
      expect(
        await api(method, `/routes/${key}`, { headers: match(2), body: { policy: null } }),
      ).toMatchObject({ status: 422, body: { code: "policy-refused" } });
    await kv.put(key, "null");
    expect(await api("POST", `/routes/${key}/adopt`, { headers: match(2) })).toMatchObject({
      status: 422,
      body: { code: "policy-refused" },
    });
    expect((await api("GET", `/routes/${key}`)).body).toMatchObject({ version: 2 });
  });
});
