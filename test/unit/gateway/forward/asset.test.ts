import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { isFingerprinted, rescueAsset } from "../../../../src/gateway/forward/asset.ts";
import { failover } from "../../../../src/gateway/forward/failover.ts";
import { FAILURES_TO_EJECT } from "../../../../src/gateway/forward/health.ts";
import { startOrigin, type Origin } from "../../../support/origin.ts";
import { crowd, downed, decisionOf, getOf, nodePlatform, upstreamContext } from "./upstream.ts";

describe("names that carry a fingerprint", () => {
  test.each([
    ["webpack", "/static/js/main.8b1a9953c4611296a827.chunk.js"],
    ["webpack, source map", "/static/js/main.8b1a9953.js.map"],
    ["create-react-app", "/static/css/main.f855e6bc.css"],
    ["Vite", "/assets/index-B7xk29_q.js"],
    ["Vite, letters only", "/assets/index-DqRtBvXa.css"],
    ["Vite, a dash inside", "/assets/logo-Dq-tB_X4.svg"],
    ["esbuild", "/chunk-QWERTYUI.js"],
    [
      "Rails",
      "/assets/application-2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824.css",
    ],
    ["Parcel", "/index.3f9c2b1a.js"],
    ["Angular", "/main-7KQH2ZRB.js"],
    ["Next.js, name is the hash", "/_next/static/css/ab44ce7add5c3d11.css"],
    ["Next.js, page", "/_next/static/chunks/pages/_app-5841ab2cb3aa228d.js"],
    ["Nuxt, name is the hash", "/_nuxt/DqRtBvXa.js"],
    ["SvelteKit", "/_app/immutable/entry/start.C2nKw9aQ.js"],
    ["fonts", "/fonts/inter.3f9c2b1a.woff2"],
    ["images", "/media/hero.3f9c2b1a.avif"],
    ["minified", "/vendor.3f9c2b1a.min.js"],
  ])("%s: %s", (_, path) => {
    expect(isFingerprinted(path)).toBe(true);
  });

  test.each([
    ["a page", "/"],
    ["a page with a number", "/orders/12345678"],
    ["HTML", "/index.3f9c2b1a.html"],
    ["no fingerprint", "/app.js"],
    ["a version", "/jquery-3.7.1.min.js"],
    ["words", "/vendor-polyfills.js"],
    ["more words", "/assets/service-worker-registration.js"],
    ["too short", "/app.3f9c2b1.js"],
    ["a hash in a folder only", "/3f9c2b1a/app.js"],
    ["a hash in the query's place", "/app.js?v=3f9c2b1a"],
    ["an unknown kind", "/report.3f9c2b1a.xlsx"],
    ["longer than any hash", `/app.${"1".repeat(65)}.js`],
  ])("none in %s: %s", (_, path) => {
    expect(isFingerprinted(path)).toBe(false);
  });

  test("takes linear time over a hostile path", () => {
    const begin = performance.now();
    for (const piece of ["-", "a-", "A1", ".js"]) isFingerprinted(piece.repeat(8000));
    expect(performance.now() - begin).toBeLessThan(200);
  });
});

describe("an asset that the visitor's variant lacks", () => {
  const ASSET = "/asset/app.3f9c2b1a.js";
  let old: Origin;
  let fresh: Origin;
  let mute: Origin;
  beforeEach(async () => {
    [old, fresh, mute] = await Promise.all([
      startOrigin("old"),
      startOrigin("fresh", (_, response) => void response.writeHead(404).end("none")),
      startOrigin("mute", () => {}),
    ]);
  });
  afterEach(() => Promise.all([old.close(), fresh.close(), mute.close()]));

  async function rescued(policy: object, context = upstreamContext({ send: getOf(ASSET) })) {
    const decision = decisionOf({ assetRescue: true, ...policy });
    const upstream = await failover(context, decision);
    return rescueAsset(upstream, decision, ASSET, context);
  }

  test("comes from the one that has it, and is charged to nobody", async () => {
    const policy = { strategy: "blue-green", blue: old.url, green: fresh.url, active: "green" };
    const { response, variant, rescuedFrom, primaryFailure } = await rescued(policy);
    expect([response?.status, variant.name, rescuedFrom?.name, primaryFailure]).toEqual([
      200,
      "blue",
      "green",
      undefined,
    ]);
    expect(await response?.text()).toBe("old app.3f9c2b1a.js");
  });

  test("stays missing where nobody has it", async () => {
    const policy = { strategy: "blue-green", blue: fresh.url, green: fresh.url, active: "green" };
    const { response, variant, rescuedFrom } = await rescued(policy);
    expect([response?.status, variant.name, rescuedFrom]).toEqual([404, "green", undefined]);
    expect(await response?.text()).toBe("none");
    expect(fresh.requests).toHaveLength(2);
  });

  test("is looked for within one time-out, however many hang", async () => {
    const variants = [
      { name: "a", origin: fresh.url, weight: 1 },
      ...["b", "c", "d"].map((name) => ({ name, origin: mute.url, weight: 0 })),
      { name: "e", origin: old.url, weight: 0 },
    ];
    const begin = performance.now();
    const { response } = await rescued({ strategy: "weighted", variants, timeoutMs: 400 });
    expect(response?.status).toBe(404);
    expect(performance.now() - begin).toBeLessThan(1000);
  });

  test("is not looked for where the origin is known to be down", async () => {
    const health = downed(old);
    const policy = { strategy: "blue-green", blue: old.url, green: fresh.url, active: "green" };
    const { response } = await rescued(policy, upstreamContext({ health, send: getOf(ASSET) }));
    expect(response?.status).toBe(404);
    expect(old.requests).toHaveLength(0);
  });

  test("a look that fails counts against the origin that failed", async () => {
    const platform = nodePlatform();
    const context = upstreamContext({ platform, send: getOf(ASSET) });
    const policy = {
      strategy: "blue-green",
      blue: mute.url,
      green: fresh.url,
      active: "green",
      timeoutMs: 200,
    };
    for (let i = 0; i <= FAILURES_TO_EJECT; i++)
      await rescued(policy, { ...context, visitor: crowd() });
    expect(mute.requests).toHaveLength(FAILURES_TO_EJECT);
    expect(platform.lines.map(({ details }) => details["origin"])).toEqual([mute.url]);
  });

  test("is not asked of the one whose place the rescuer took", async () => {
    const policy = { strategy: "canary", stable: fresh.url, canary: mute.url, percent: 100 };
    const { response, variant } = await rescued({ ...policy, timeoutMs: 200 });
    expect([response?.status, variant.name]).toEqual([404, "stable"]);
    expect(mute.requests).toHaveLength(1);
  });

  test("a fallback's 404 stands", async () => {
    const policy = { strategy: "single", origin: mute.url, fallback: fresh.url, timeoutMs: 200 };
    const { response, variant } = await rescued(policy);
    expect([response?.status, variant.name]).toEqual([404, "fallback"]);
    expect(mute.requests).toHaveLength(1);
  });
});
