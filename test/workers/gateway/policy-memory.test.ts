import { describe, expect, it } from "vitest";

import { WARM_WAIT_MS } from "../../../src/gateway/load/policy-cache.ts";
import {
  MAX_CACHED_CHARS,
  MAX_LARGE_CHARS,
  SHARE_CHARS,
} from "../../../src/gateway/load/policy-memory.ts";
import { STALE_MS } from "../../../src/lib/propagation.ts";
import { ORIGIN, put, single, TTL_MS, world } from "./world.ts";

describe("a tenant's giant policy", () => {
  it("pushes no policy within its share out, however many there are", async () => {
    const { gateway, visit } = world({ tenantBy: "path" });
    const text = JSON.stringify(ORIGIN);
    await put("small", text + " ".repeat(SHARE_CHARS - text.length));
    await visit("https://x.example.com/small");
    for (const tenant of ["g1", "g2", "g3"]) {
      await put(tenant, text + " ".repeat(MAX_LARGE_CHARS - text.length));
      expect((await visit(`https://x.example.com/${tenant}`)).code).toBe("one.example.com");
    }
    expect(gateway.routes.peek(["small"], () => {})?.found).toBe("route");
    expect(gateway.routes.peek(["g1"], () => {})).toBeUndefined();
    expect(gateway.routes.peek(["g3"], () => {})?.found).toBe("route");
  });

  it("that is one character above its share is kept with the giants", async () => {
    const { gateway, visit } = world({ tenantBy: "path" });
    const text = JSON.stringify(ORIGIN);
    await put("above", text + " ".repeat(SHARE_CHARS - text.length + 1));
    await visit("https://x.example.com/above");
    await put("giant", text + " ".repeat(MAX_LARGE_CHARS - text.length));
    await visit("https://x.example.com/giant");
    expect(gateway.routes.peek(["above"], () => {})).toBeUndefined();
  });

  it("policies within their share go where all of them grow too long", async () => {
    const { gateway, visit } = world({ tenantBy: "path", maxRoutes: 1000 });
    const text = JSON.stringify(ORIGIN);
    const count = Math.floor(MAX_CACHED_CHARS / SHARE_CHARS);
    for (let i = 0; i <= count; i += 1) {
      await put(`s${i}`, text + " ".repeat(SHARE_CHARS - text.length));
      await visit(`https://x.example.com/s${i}`);
    }
    expect(gateway.routes.peek(["s0"], () => {})).toBeUndefined();
    expect(gateway.routes.peek(["s1"], () => {})?.found).toBe("route");
  });
});

describe("a warm route", () => {
  it("waits for a KV that hangs once, and a little, however long it is idle", async () => {
    await put("warm.example.com", single("warm.example.com"));
    const { clock, kv, visit } = world();
    await visit("https://warm.example.com/");
    kv.hangs = true;
    clock.now += TTL_MS + STALE_MS;
    const begin = performance.now();
    expect((await visit("https://warm.example.com/")).code).toBe("warm.example.com");
    const first = performance.now() - begin;
    expect(first).toBeGreaterThan(WARM_WAIT_MS * 0.9);
    expect(first).toBeLessThan(WARM_WAIT_MS * 2);
    for (let i = 0; i < 10; i += 1) {
      clock.now += TTL_MS + STALE_MS;
      const start = performance.now();
      expect((await visit("https://warm.example.com/")).code).toBe("warm.example.com");
      expect(performance.now() - start).toBeLessThan(WARM_WAIT_MS / 2);
    }
  });

  it("is asked for again where the clock goes back", async () => {
    await put("clock.example.com", single("old.example.com"));
    const { clock, visit, settle } = world();
    await visit("https://clock.example.com/");
    await put("clock.example.com", single("new.example.com"));
    clock.now -= 3_600_000;
    await visit("https://clock.example.com/");
    await settle();
    expect((await visit("https://clock.example.com/")).code).toBe("new.example.com");
  });
});
