import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";

import { KV_RETRY_MS } from "../../../src/gateway/load/kv.ts";
import { STALE_MS } from "../../../src/lib/propagation.ts";
import { MAX_TEXT_CHARS } from "../../../src/policy/limits.ts";
import { ORIGIN, put, single, TTL_MS, world } from "./world.ts";

describe("KV behind memory", () => {
  it("is read once for a thousand requests within a TTL, in one operation for all keys", async () => {
    await put("hot.example.com", single("one.example.com"));
    const { kv, visit } = world();
    for (let i = 0; i < 1000; i += 1)
      expect((await visit("https://hot.example.com/a/b")).code).toBe("one.example.com");
    expect(kv.reads).toEqual([["hot.example.com", "*.example.com", "*.com", "a", "*"]]);
  });

  it("is asked again once per TTL, behind the response, and only for the keys that decide", async () => {
    await put("swr.example.com", single("old.example.com"));
    const { clock, kv, visit, settle } = world();
    await visit("https://swr.example.com/");
    await put("swr.example.com", single("new.example.com"));
    clock.now += TTL_MS - 1;
    expect((await visit("https://swr.example.com/")).code).toBe("old.example.com");
    expect(kv.reads).toHaveLength(1);
    clock.now += 1;
    for (let i = 0; i < 5; i += 1)
      expect((await visit("https://swr.example.com/")).code).toBe("old.example.com");
    expect(kv.reads.slice(1)).toEqual([["swr.example.com"]]);
    await settle();
    expect((await visit("https://swr.example.com/")).code).toBe("new.example.com");
    expect(kv.reads).toHaveLength(2);
  });

  it("is asked for a host's first key alone as long as hosts have theirs there, and for the others where one has not", async () => {
    await put("first.example.com", single("one.example.com"));
    await put("second.example.org", single("two.example.com"));
    await put("*.example.net", single("three.example.com"));
    const { kv, visit } = world({ tenantBy: "host" });
    expect((await visit("https://first.example.com/")).code).toBe("one.example.com");
    expect((await visit("https://second.example.org/")).code).toBe("two.example.com");
    expect((await visit("https://third.example.net/")).code).toBe("three.example.com");
    expect(kv.reads).toEqual([
      ["first.example.com", "*.example.com", "*.com", "*"],
      ["second.example.org"],
      ["third.example.net"],
      ["*.example.net", "*.net"],
    ]);
    await env.ROUTING_CONFIG.delete("*.example.net");
  });

  it("is asked first by an isolate that was idle past the stale window", async () => {
    await put("idle.example.com", single("old.example.com"));
    const { clock, visit } = world();
    await visit("https://idle.example.com/");
    await put("idle.example.com", single("new.example.com"));
    clock.now += TTL_MS + STALE_MS - 1;
    expect((await visit("https://idle.example.com/")).code).toBe("old.example.com");
    const late = world();
    await put("idle.example.com", single("old.example.com"));
    await late.visit("https://idle.example.com/");
    await put("idle.example.com", single("new.example.com"));
    late.clock.now += TTL_MS + STALE_MS;
    expect((await late.visit("https://idle.example.com/")).code).toBe("new.example.com");
  });

  it("may throw: the last good policy serves, and is asked for again after a pause", async () => {
    await put("down.example.com", single("good.example.com"));
    const { clock, kv, logged, visit, settle } = world();
    await visit("https://down.example.com/");
    kv.broken = true;
    clock.now += TTL_MS + STALE_MS + 1;
    for (let i = 0; i < 3; i += 1)
      expect((await visit("https://down.example.com/")).code).toBe("good.example.com");
    await settle();
    expect(kv.reads).toHaveLength(2);
    expect(logged.map(({ message }) => message)).toEqual([
      "KV read failed; serving what is in memory",
    ]);
    expect((await visit("https://never-seen.example.com/")).code).toBe("config-unavailable");
    kv.broken = false;
    clock.now += KV_RETRY_MS;
    await put("down.example.com", single("back.example.com"));
    // Whoever can be served does not wait for a KV that has failed: it is asked behind the response.
    expect((await visit("https://down.example.com/")).code).toBe("good.example.com");
    await settle();
    expect((await visit("https://down.example.com/")).code).toBe("back.example.com");
  });

  it("is read by each of fifty cold requests at once: no request waits for another's read", async () => {
    await put("cold.example.com", single("one.example.com"));
    const { kv, visit } = world();
    const all = await Promise.all(
      Array.from({ length: 50 }, async () => visit("https://cold.example.com/")),
    );
    expect(new Set(all.map(({ code }) => code))).toEqual(new Set(["one.example.com"]));
    expect(kv.reads).toHaveLength(50);
  });

  it("is not read for kinds of key that TENANT_BY turns off", async () => {
    const byHost = world({ tenantBy: "host" });
    expect((await byHost.visit("https://x.example.com/tenant/a")).code).toBe("route-not-found");
    expect(byHost.kv.reads).toEqual([["x.example.com", "*.example.com", "*.com", "*"]]);
    const byPath = world({ tenantBy: "path" });
    expect((await byPath.visit("https://x.example.com/tenant/a")).code).toBe("route-not-found");
    expect((await byPath.visit("https://x.example.com/")).code).toBe("tenant-required");
    expect(byPath.kv.reads).toEqual([["tenant", "*"]]);
  });
});

describe("values in KV", () => {
  it("that are invalid leave the last good one in place, told once per version", async () => {
    await put("bad.example.com", single("good.example.com"));
    const { clock, logged, visit, settle } = world();
    const { version } = await visit("https://bad.example.com/");
    await put("bad.example.com", { strategy: "canary", stabel: ORIGIN });
    for (let round = 0; round < 3; round += 1) {
      clock.now += TTL_MS;
      expect(await visit("https://bad.example.com/")).toMatchObject({
        code: "good.example.com",
        version,
      });
      await settle();
    }
    expect(logged).toHaveLength(1);
    expect(String(logged[0]?.details["issues"])).toContain("sy validate says");
    await put("bad.example.com", single("mended.example.com"));
    clock.now += TTL_MS;
    await visit("https://bad.example.com/");
    await settle();
    expect((await visit("https://bad.example.com/")).code).toBe("mended.example.com");
  });

  it("that are invalid from the start, or too long, serve nobody and fall through to no other key", async () => {
    await put("*", single("everything.example.com"));
    await put("worse.example.com", "{");
    await put("long.example.com", `${JSON.stringify(ORIGIN)}${" ".repeat(MAX_TEXT_CHARS)}`);
    const { visit } = world();
    expect((await visit("https://worse.example.com/")).code).toBe("policy-invalid");
    expect((await visit("https://long.example.com/")).code).toBe("policy-invalid");
    expect((await visit("https://other.example.com/")).code).toBe("everything.example.com");
    await env.ROUTING_CONFIG.delete("*");
  });

  it("of just the longest length are served", async () => {
    const text = JSON.stringify(ORIGIN);
    await put("long.example.com", text + " ".repeat(MAX_TEXT_CHARS - text.length));
    expect((await world().visit("https://long.example.com/")).code).toBe("one.example.com");
  });

  it("that are unchanged are never compiled again", async () => {
    await put("same.example.com", single("one.example.com"));
    const { clock, gateway, visit, settle } = world();
    await visit("https://same.example.com/");
    const keys = ["same.example.com"];
    const first = gateway.routes.peek(keys, () => {});
    clock.now += TTL_MS;
    await visit("https://same.example.com/");
    await settle();
    const second = gateway.routes.peek(keys, () => {});
    expect(
      first?.found === "route" && second?.found === "route" && first.route === second.route,
    ).toBe(true);
  });

  it("that are deleted stop serving", async () => {
    await put("gone.example.com", single("one.example.com"));
    const { clock, visit, settle } = world();
    await visit("https://gone.example.com/");
    await env.ROUTING_CONFIG.delete("gone.example.com");
    clock.now += TTL_MS;
    await visit("https://gone.example.com/");
    await settle();
    expect((await visit("https://gone.example.com/")).code).toBe("route-not-found");
  });
});

describe("memory", () => {
  it("keeps that a key is absent, for a TTL", async () => {
    const { clock, kv, visit, settle } = world();
    for (let i = 0; i < 10; i += 1)
      expect((await visit("https://absent.example.com/x")).code).toBe("route-not-found");
    expect(kv.reads).toHaveLength(1);
    await put("absent.example.com", single("here.example.com"));
    clock.now += TTL_MS;
    await visit("https://absent.example.com/x");
    await settle();
    expect((await visit("https://absent.example.com/x")).code).toBe("here.example.com");
  });

  it("holds no more keys than MAX_ROUTES of each kind, and invented ones push no policy out", async () => {
    await put("kept.example.com", single("one.example.com"));
    const { gateway, kv, visit } = world({ maxRoutes: 20 });
    await visit("https://kept.example.com/");
    for (let i = 0; i < 100; i += 1) await visit(`https://h.example.com/invented${i}`);
    expect(gateway.routes.size).toBeLessThanOrEqual(40);
    kv.broken = true;
    expect((await visit("https://kept.example.com/")).code).toBe("one.example.com");
  });
});

describe("two tenants", () => {
  const split = {
    strategy: "weighted",
    sticky: { mode: "pin" },
    variants: [
      { name: "a", origin: "https://a.example.com", weight: 1 },
      { name: "b", origin: "https://b.example.com", weight: 1 },
    ],
  };

  it("by path have cookies of their own path, and pins of their own", async () => {
    await put("shopA", split);
    await put("shopB", split);
    const { visit } = world();
    const [cookie = ""] = (await visit("https://x.example.com/shopA/cart")).cookies;
    expect(cookie).toContain("; Path=/shopA;");
    const pair = cookie.split(";", 1)[0] ?? "";
    // Even where a client sends it there, a pin of one tenant is not one of the other: each keeps its own.
    const [other = ""] = (await visit("https://x.example.com/shopB/cart", { cookie: pair }))
      .cookies;
    expect(other).toContain("; Path=/shopB;");
    expect(other.split(";", 1)[0]?.split(".").slice(4)).toHaveLength(2);
  });

  it("never get each other's policy, whatever the path looks like", async () => {
    await put("shopA", single("a-origin.example.com"));
    await put("shopB", single("b-origin.example.com"));
    const { visit } = world();
    for (const path of [
      "/shopA/../shopB/x",
      "/shopA/%2e%2e/shopB",
      "/%73hopB",
      "//shopA/../../shopB",
    ]) {
      expect((await visit(`https://x.example.com${path}`)).code).toBe("b-origin.example.com");
    }
    for (const path of ["/shopA/shopB", "/shopA%2fshopB", "/shopA\\shopB", "/shopA;/../../x"]) {
      expect((await visit(`https://x.example.com${path}`)).code).not.toBe("b-origin.example.com");
    }
  });
});
