import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { MAX_IDEMPOTENCY_KEY_CHARS } from "../../../src/api/limits.ts";
import { A, B, api, canary, create, kvGap, match } from "./api.ts";

const kv = env.ROUTING_CONFIG;

describe("a route", () => {
  it("is made, read, changed, deleted and made again; its versions go on", async () => {
    const made = await create("life", A);
    expect(made.headers.get("etag")).toBe('"1"');
    expect(made.body).toMatchObject({
      key: "life",
      version: 1,
      published: 1,
      author: "the-writeer",
      action: "put",
      unchanged: false,
    });
    expect(await kv.get("life")).toBe(`"${A}"`);
    const read = await api("GET", "/routes/life");
    expect(read.body).toMatchObject({
      version: 1,
      policy: A,
      drift: null,
      publishing: { attempts: 0, retryAt: null },
    });
    expect((await api("GET", "/routes/life", { headers: { "if-none-match": '"1"' } })).status).toBe(
      304,
    );
    await kvGap();
    const changed = await api("PUT", "/routes/life", {
      headers: match(1),
      body: { policy: canary(5), note: "try b" },
    });
    expect(changed).toMatchObject({
      status: 200,
      body: { version: 2, published: 2, note: "try b" },
    });
    await kvGap();
    expect(await api("DELETE", "/routes/life", { headers: match(2) })).toMatchObject({
      status: 200,
      body: { version: 3 },
    });
    expect(await kv.get("life")).toBeNull();
    expect(await api("GET", "/routes/life")).toMatchObject({
      status: 404,
      body: { code: "route-not-found", deletedBy: 3 },
    });
    expect(
      await api("PUT", "/routes/life", { headers: match(3), body: { policy: A } }),
    ).toMatchObject({ status: 412, body: { current: 3 } });
    expect((await create("life", A)).body).toMatchObject({ version: 4 });
  });

  it("is patched by a merge patch, and a put of the same policy is not a new version", async () => {
    await create("patched", canary(5, { salt: "s" }));
    const patch = { policy: { percent: 10, coverage: 50, salt: "s" } };
    const patched = await api("PATCH", "/routes/patched", {
      headers: { ...match(1), "content-type": "application/merge-patch+json" },
      body: patch,
    });
    expect(patched).toMatchObject({
      status: 200,
      body: {
        version: 2,
        plan: { changes: [{ path: "$.percent", from: 5, to: 10 }, { path: "$.coverage" }] },
      },
    });
    const removed = await api("PATCH", "/routes/patched", {
      headers: match("*"),
      body: { policy: { coverage: null } },
    });
    expect(removed.body).toMatchObject({ version: 3 });
    const same = await api("PUT", "/routes/patched", {
      headers: match(3),
      body: { policy: canary(10, { salt: "s" }) },
    });
    expect(same).toMatchObject({ status: 200, body: { version: 3, unchanged: true } });
  });

  it.each(["shop.example.com", "*.example.com", "*", "Tenant_1-x"])(
    "may have the key %s",
    async (key) => {
      expect((await create(encodeURIComponent(key), A)).body["key"]).toBe(key);
      expect(await kv.get(key)).toBe(`"${A}"`);
    },
  );

  it.each([".switchyard", "a b", "*.", "..", "a".repeat(64), "x.", "-x", "%zz", "a%2fb"])(
    "may not have the key %s",
    async (key) => {
      const path = key.includes("%") ? key : encodeURIComponent(key);
      const { status } = await api("PUT", `/routes/${path}`, {
        headers: { "if-none-match": "*" },
        body: { policy: A },
      });
      expect([400, 404]).toContain(status);
    },
  );
});

describe("a write", () => {
  it("is refused without a precondition, with a bad one, and with both", async () => {
    const put = async (headers: Record<string, string>) =>
      (await api("PUT", "/routes/pre", { headers, body: { policy: A } })).body["code"];
    expect(await put({})).toBe("precondition-required");
    expect(await put({ "if-match": "1" })).toBe("header-invalid");
    expect(await put({ "if-none-match": '"1"' })).toBe("header-invalid");
    expect(await put({ "if-match": "*", "if-none-match": "*" })).toBe("header-invalid");
    expect(await put({ "if-match": "*" })).toBe("route-not-found");
    expect(await put({ "if-none-match": "*" })).toBeUndefined();
    expect(await put({ "if-match": 'W/"1"' })).toBe("precondition-failed");
    expect(await put({ "if-match": '"7", "1"' })).toBeUndefined();
  });

  it("from an old version is told what happened since", async () => {
    await create("since", canary(5));
    await api("PUT", "/routes/since", { headers: match(1), body: { policy: canary(20) } });
    const late = await api("PUT", "/routes/since", {
      headers: match(1),
      body: { policy: canary(6) },
    });
    expect(late).toMatchObject({
      status: 412,
      body: {
        code: "precondition-failed",
        current: 2,
        since: 1,
        changes: [{ path: "$.percent", from: 5, to: 20 }],
      },
    });
    expect(late.headers.get("etag")).toBe('"2"');
  });

  it("of two at once wins one, and the other is told by whom", async () => {
    await create("race", canary(5));
    const both = await Promise.all(
      [6, 7].map((percent) =>
        api("PUT", "/routes/race", { headers: match(1), body: { policy: canary(percent) } }),
      ),
    );
    expect(both.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 412]);
  });

  it("of a policy that draws two splits alike under this key is refused, and a draft of it too", async () => {
    const policy = {
      strategy: "path-map",
      paths: { "/a": canary(5), "/b": { ...(canary(5) as object), salt: "salted/a" } },
    };
    const refused = {
      status: 422,
      body: { code: "policy-refused", issues: [{ path: '$.paths["/b"].salt' }] },
    };
    const headers = { "if-none-match": "*" };
    expect(await api("PUT", "/routes/salted", { headers, body: { policy } })).toMatchObject(
      refused,
    );
    const request = { url: "https://www.example.com/salted/a" };
    expect(
      await api("POST", "/routes/salted/explain", { body: { policy, request } }),
    ).toMatchObject(refused);
    const body = { policy };
    expect(await api("PUT", "/routes/salted2", { headers, body })).toMatchObject({ status: 201 });
  });

  it("of a policy that is not valid is refused with every issue", async () => {
    const put = await api("PUT", "/routes/bad", {
      headers: { "if-none-match": "*" },
      body: { policy: { strategy: "canary", stable: A, canry: B } },
    });
    expect(put).toMatchObject({ status: 422, body: { code: "policy-refused" } });
    expect((put.body["issues"] as { path: string }[]).map(({ path }) => path)).toEqual(
      expect.arrayContaining(["$.canary", "$.canry"]),
    );
  });

  it("that would reshuffle visitors silently is refused with its plan, unless it says so", async () => {
    await create("shuffle", canary(50));
    const ask = { headers: match(1), body: { policy: canary(50, { salt: "new" }) } };
    expect(await api("PUT", "/routes/shuffle", ask)).toMatchObject({
      status: 409,
      body: { code: "reshuffle", plan: { paths: [{ visitors: 10_000 }] } },
    });
    const said = await api("PUT", "/routes/shuffle", {
      ...ask,
      body: { ...ask.body, allowReshuffle: true },
    });
    expect(said.status).toBe(200);
  });

  it("to a drifted route is refused until the drift is adopted or replaced", async () => {
    await create("drifted", A);
    await kv.put("drifted", JSON.stringify(B));
    expect((await api("GET", "/routes/drifted")).body).toMatchObject({
      version: 1,
      policy: A,
      drift: { text: JSON.stringify(B), tooLong: false },
    });
    expect(
      await api("PUT", "/routes/drifted", { headers: match(1), body: { policy: canary(5) } }),
    ).toMatchObject({ status: 409, body: { code: "drift", current: 1 } });
    expect(await api("POST", "/routes/drifted/adopt", { headers: match(1) })).toMatchObject({
      status: 200,
      body: { version: 2, published: 2, action: "adopt" },
    });
    expect((await api("GET", "/routes/drifted")).body).toMatchObject({ policy: B, drift: null });
    expect((await api("POST", "/routes/drifted/adopt", { headers: match(2) })).body["code"]).toBe(
      "no-drift",
    );
    await kv.put("drifted", "not JSON");
    expect((await api("POST", "/routes/drifted/adopt", { headers: match(2) })).body["code"]).toBe(
      "policy-refused",
    );
    await kvGap();
    expect(
      await api("POST", "/routes/drifted/republish", { headers: match(2), body: { note: "ours" } }),
    ).toMatchObject({ status: 200, body: { version: 2, published: 2, drift: false } });
    expect(await kv.get("drifted")).toBe(JSON.stringify(B));
    expect((await api("POST", "/routes/drifted/republish", { headers: match(1) })).status).toBe(
      412,
    );
    expect((await api("POST", "/routes/drifted/republish", {})).status).toBe(428);
  });

  it("adopts a route that only KV knows, as it is", async () => {
    const text = `{ "origin":   "${A}" }`;
    await kv.put("by-hand", text);
    const read = await api("GET", "/routes/by-hand");
    expect(read.body).toMatchObject({ version: 0, policy: null, drift: { text } });
    expect(
      (
        await api("PUT", "/routes/by-hand", {
          headers: { "if-none-match": "*" },
          body: { policy: A },
        })
      ).status,
    ).toBe(412);
    expect((await api("POST", "/routes/by-hand/adopt", { headers: match(0) })).status).toBe(201);
    expect(await kv.get("by-hand")).toBe(text);
    expect((await api("GET", "/routes/by-hand")).body).toMatchObject({
      version: 1,
      policy: { origin: A },
      drift: null,
    });
  });

  it("with an idempotency key happens once, and its key is good for no other request", async () => {
    const ask = { headers: { "if-none-match": "*", "idempotency-key": "k1" }, body: { policy: A } };
    expect((await api("PUT", "/routes/once", ask)).status).toBe(201);
    const again = await api("PUT", "/routes/once", ask);
    expect(again).toMatchObject({ status: 200, body: { version: 1 } });
    expect(again.headers.get("idempotency-replayed")).toBe("true");
    expect((await api("PUT", "/routes/once", { ...ask, body: { policy: B } })).body["code"]).toBe(
      "idempotency-mismatch",
    );
    const long = (count: number) => ({ ...match(1), "idempotency-key": "k".repeat(count) });
    expect(
      (
        await api("PUT", "/routes/once", {
          headers: long(MAX_IDEMPOTENCY_KEY_CHARS),
          body: { policy: B },
        })
      ).status,
    ).toBe(200);
    expect(
      (
        await api("PUT", "/routes/once", {
          headers: long(MAX_IDEMPOTENCY_KEY_CHARS + 1),
          body: { policy: B },
        })
      ).body["code"],
    ).toBe("header-invalid");
  });
});
