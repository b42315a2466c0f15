import { describe, expect, it } from "vitest";

import { KV_FAILING_MS } from "../../../src/gateway/load/kv.ts";
import { KV_WAIT_MS } from "../../../src/gateway/load/policy-cache.ts";
import {
  MAX_LARGE_BYTES,
  MAX_SMALL_BYTES,
  SHARE_BYTES,
} from "../../../src/gateway/load/policy-memory.ts";
import { STALE_MS } from "../../../src/lib/propagation.ts";
import { compile } from "../../../src/policy/compile.ts";
import { MAX_TEXT_CHARS } from "../../../src/policy/limits.ts";
import { ORIGIN, put, single, TTL_MS, world } from "./world.ts";

const TEXT = JSON.stringify(ORIGIN);

/** A policy's text that takes so many bytes of memory, with what is made of it. */
function textOf(bytes: number): string {
  return TEXT.padEnd(Math.floor((bytes - compile(ORIGIN, "key").size) / 2));
}

const GIANT = TEXT.padEnd(MAX_TEXT_CHARS);
const ALL_GIANTS = Math.floor(MAX_LARGE_BYTES / (2 * MAX_TEXT_CHARS));

describe("a tenant's giant policy", () => {
  it("pushes no policy within its share out, only those above it", async () => {
    const { gateway, visit } = world({ tenantBy: "path" });
    await put("small", textOf(SHARE_BYTES));
    await visit("https://x.example.com/small");
    await put("above", textOf(SHARE_BYTES + 2));
    await visit("https://x.example.com/above");
    for (let i = 0; i <= ALL_GIANTS; i += 1) {
      await put(`g${i}`, GIANT);
      expect((await visit(`https://x.example.com/g${i}`)).code).toBe("one.example.com");
    }
    const knows = (key: string) => gateway.routes.peek([key], () => {})?.found === "route";
    const last = `g${ALL_GIANTS}`;
    expect([knows("small"), knows("above"), knows(last)]).toEqual([true, false, true]);
  });

  it("within its share goes where all of them grow too large, the longest unread first", async () => {
    const { gateway, visit } = world({ tenantBy: "path", maxRoutes: 1000 });
    const count = Math.floor(MAX_SMALL_BYTES / SHARE_BYTES);
    for (let i = 0; i <= count; i += 1) {
      await put(`s${i}`, textOf(SHARE_BYTES));
      await visit(`https://x.example.com/s${i}`);
    }
    expect(gateway.routes.peek(["s0"], () => {})).toBeUndefined();
    expect(gateway.routes.peek(["s2"], () => {})?.found).toBe("route");
  });
});

describe("a warm route", () => {
  it("waits for a KV that hangs once, and a little, and not again while it is known to fail", async () => {
    await put("warm.example.com", single("warm.example.com"));
    const { clock, kv, visit } = world();
    await visit("https://warm.example.com/");
    kv.hangs = true;
    clock.now += TTL_MS + STALE_MS;
    const begin = performance.now();
    expect((await visit("https://warm.example.com/")).code).toBe("warm.example.com");
    const first = performance.now() - begin;
    expect(first).toBeGreaterThan(KV_WAIT_MS * 0.9);
    expect(first).toBeLessThan(KV_WAIT_MS * 2);
    for (let i = 0; i < 10; i += 1) {
      clock.now += KV_FAILING_MS / 10 - 1;
      const start = performance.now();
      expect((await visit("https://warm.example.com/")).code).toBe("warm.example.com");
      expect(performance.now() - start).toBeLessThan(KV_WAIT_MS / 2);
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

  it("is asked for first again once KV's failure is long past: what was old then is not served now", async () => {
    await put("slept.example.com", single("old.example.com"));
    /** What a visitor gets so long after KV failed, when it is well again and has something newer. */
    const served = async (afterMs: number) => {
      await put("slept.example.com", single("old.example.com"));
      const { clock, kv, visit, settle } = world();
      await visit("https://slept.example.com/");
      kv.broken = true;
      clock.now += TTL_MS;
      expect((await visit("https://slept.example.com/")).code).toBe("old.example.com");
      await settle();
      kv.broken = false;
      await put("slept.example.com", single("new.example.com"));
      clock.now += afterMs;
      return (await visit("https://slept.example.com/")).code;
    };
    expect(await served(KV_FAILING_MS - 1)).toBe("old.example.com");
    expect(await served(KV_FAILING_MS)).toBe("new.example.com");
  });

  it("is refreshed where the clock goes back while KV fails", async () => {
    await put("back.example.com", single("old.example.com"));
    const { clock, kv, visit, settle } = world();
    await visit("https://back.example.com/");
    kv.broken = true;
    clock.now += TTL_MS;
    await visit("https://back.example.com/");
    await settle();
    kv.broken = false;
    await put("back.example.com", single("new.example.com"));
    clock.now -= 3_600_000;
    await visit("https://back.example.com/");
    await settle();
    expect((await visit("https://back.example.com/")).code).toBe("new.example.com");
  });
});
