import { env } from "cloudflare:workers";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { OVERRIDE_COOKIE } from "../../../src/override/token.ts";
import { readConfig } from "../../../src/config/gateway.ts";
import { createGateway } from "../../../src/gateway/gateway.ts";
import { handle } from "../../../src/gateway/handle.ts";
import { workerPlatform } from "../../../src/gateway/platform.ts";
import { check } from "../../support/property.ts";
import { NOW, policy as somePolicy } from "../../support/policies.ts";
import { A, B, api, canary, create, match, testEnv } from "./api.ts";

const kv = env.ROUTING_CONFIG;
const VISITOR = "AAAAAAAAAAAAAAAAAAAAAA";
const DAY_MS = 86_400_000;
const time = fc.integer({ min: NOW - DAY_MS, max: NOW + DAY_MS });

describe("explain", () => {
  it(
    "answers what the data plane then does, for any policy and visitor",
    { timeout: 120_000 },
    async () => {
      let n = 0;
      const paths = fc.constantFrom("/", "/a", "/a/b/c", "/b?x=1", "/%61/b", "/c~d/");
      const values = fc.constantFrom("u1", "u2", "Googlebot/2.1");
      const headers = fc.dictionary(fc.constantFrom("user-agent", "x-other"), values);
      const id = fc.stringMatching(/^[A-Za-z0-9_-]{22}$/);
      await check(
        fc.asyncProperty(
          somePolicy,
          paths,
          headers,
          id,
          time,
          async (policy, path, given, visitor, now) => {
            n += 1;
            const key = `explained-${n}`;
            await kv.put(key, JSON.stringify(policy));
            const url = `http://gateway.example.com/${key}${path}`;
            const seen = NOW.toString(36);
            const sent = {
              ...given,
              "x-user-id": visitor,
              cookie: `a=b; sy=1.${visitor}.${seen}.${seen}`,
            };
            const at = new Date(now).toISOString();
            const told = await api("POST", "/explain", {
              body: { request: { url, headers: sent, at } },
            });
            const platform = {
              ...workerPlatform,
              now: () => now,
              fetch: async () => new Response("served"),
            };
            const read = async (keys: string[]) => kv.getWithMetadata(keys, { type: "text" });
            const gateway = createGateway(readConfig(testEnv), { read }, undefined, platform);
            const served = await handle(new Request(url, { headers: sent }), gateway, () => {});
            const { variant } = told.body["decision"] as { variant: string };
            expect(told.body).toMatchObject({ key, drawn: false });
            expect(served.status).toBe(200);
            expect([served.headers.get("x-route"), served.headers.get("x-variant")]).toEqual([
              key,
              variant,
            ]);
          },
        ),
      );
    },
  );

  it("answers for any time and any version", async () => {
    const ramp = {
      startAt: "2026-12-01T09:00:00Z",
      steps: [{ percent: 0, holdSeconds: 60 }, { percent: 100 }],
    };
    await create("timed", { strategy: "canary", stable: A, canary: B, ramp });
    await api("PUT", "/routes/timed", { headers: match(1), body: { policy: A } });
    const ask = async (at: string, more: object = {}) =>
      (
        await api("POST", "/routes/timed/explain", {
          body: {
            request: { url: "https://x.example.com/timed/p", at, visitor: VISITOR },
            ...more,
          },
        })
      ).body;
    expect(await ask("2026-12-01T09:00:59Z", { version: 1 })).toMatchObject({
      version: 1,
      decision: { variant: "stable", reason: "ramp", origin: A, path: "/p", visitor: VISITOR },
    });
    expect(await ask("2026-12-01T09:01:00Z", { version: 1 })).toMatchObject({
      decision: { variant: "canary" },
      at: "2026-12-01T09:01:00.000Z",
    });
    expect(await ask("2026-12-01T09:01:00Z")).toMatchObject({
      version: 2,
      decision: { variant: "origin", reason: "only" },
    });
    expect(await ask("2026-12-01T09:01:00Z", { policy: canary(100) })).toMatchObject({
      version: null,
      decision: { variant: "canary" },
    });
    expect(await ask("2026-12-01T09:01:00Z", { version: 9 })).toMatchObject({
      code: "version-not-found",
    });
  });

  it("follows QA links as the gateway does", async () => {
    await create("qa", canary(0));
    const { body } = await api("POST", "/routes/qa/links", {
      body: { variant: "canary", url: "https://x.example.com/qa/p?a=1" },
    });
    const explain = async (request: object) =>
      (
        (await api("POST", "/routes/qa/explain", { body: { request } })).body["decision"] as Record<
          string,
          unknown
        >
      )["because"];
    const url = "https://x.example.com/qa/p";
    expect(await explain({ url: body["url"] })).toBe("override");
    expect(
      await explain({ url, headers: { cookie: `${OVERRIDE_COOKIE}=${String(body["token"])}` } }),
    ).toBe("override");
    expect(await explain({ url: body["url"], at: "2036-01-01T00:00:00Z" })).toBe(
      "split; override=expired",
    );
    expect(await explain({ url: `${url}?sy=sy1.x.y` })).toBe("split; override=forged");
  });

  it("refuses a request that leads elsewhere, or nowhere", async () => {
    await create("here", A);
    const request = { url: "https://x.example.com/elsewhere" };
    expect(await api("POST", "/routes/here/explain", { body: { request } })).toMatchObject({
      status: 422,
      body: { code: "request-elsewhere" },
    });
    await kv.delete("*");
    expect(await api("POST", "/explain", { body: { request } })).toMatchObject({
      status: 404,
      body: { code: "route-not-found" },
    });
    expect(await api("POST", "/explain", { body: { request: { url: "ftp://x" } } })).toMatchObject({
      status: 400,
      body: { code: "body-invalid" },
    });
  });
});
