import { describe, expect, test } from "vitest";

import { COPIES_PER_SECOND, COPY_AGAIN_MS } from "../../../../src/gateway/load/copies.ts";
import { KV_WAIT_MS } from "../../../../src/gateway/load/policy-cache.ts";
import type { Snapshot } from "../../../../src/policy/snapshot.ts";
import { inKv, isolate, textOf, TestCopies } from "./isolate.ts";

const VARS = { COLO_COPY_HOST: "gateway.example.com" };
const KEYS = ["a.example.com", "*.example.com", "*"];

const snapshotOf = (routes: Snapshot["routes"]) => JSON.stringify({ v: 1, routes });

/** The copies that an isolate leaves which served a version of `*.example.com`. */
async function left(version: number, copies = new TestCopies()) {
  const world = isolate({ vars: VARS, copies });
  world.kv.values.set("*.example.com", inKv(version));
  await world.askFor(1000, ...KEYS);
  return copies;
}

/** A cold isolate whose KV and hub do not answer, in one way or another. */
function cut(options: Parameters<typeof isolate>[0], how: "fail" | "hang") {
  const world = isolate(options);
  if (how === "fail") world.kv.fails = world.said.fails = true;
  else world.kv.afterMs = world.said.afterMs = 1e9;
  return world;
}

describe.each(["fail", "hang"] as const)(
  "where KV and the hub %s, a cold isolate serves",
  (how) => {
    test("the colo's copy, and goes on from memory without waiting", async () => {
      const { ask, askFor } = cut({ vars: VARS, copies: await left(3) }, how);
      const { version, source, waitedMs } = await askFor(1000, ...KEYS);
      expect([version, source]).toEqual([3, "colo"]);
      expect(waitedMs).toBeLessThanOrEqual(KV_WAIT_MS + 150);
      expect(await ask(...KEYS)).toEqual({ version: 3, source: "memory", waitedMs: 0 });
    });

    test("the snapshot where there is no copy, and knows that a key is absent", async () => {
      const snapshot = snapshotOf({ "*.example.com": [2, textOf(2)] });
      const { askFor } = cut({ snapshot }, how);
      expect(await askFor(1000, ...KEYS)).toMatchObject({ version: 2, source: "snapshot" });
      expect(await askFor(1000, "b.example.org")).toMatchObject({ version: "nothing" });
    });

    test("whichever is newer of the two", async () => {
      const copies = await left(3);
      for (const [bundled, version, source] of [
        [2, 3, "colo"],
        [4, 4, "snapshot"],
      ] as const) {
        const snapshot = snapshotOf({ "*.example.com": [bundled, textOf(bundled)] });
        const { askFor } = cut({ vars: VARS, copies, snapshot }, how);
        expect(await askFor(1000, ...KEYS)).toMatchObject({ version, source });
      }
    });

    test("nothing where a key that might hide the copied one is not known", async () => {
      const { askFor } = cut({ vars: VARS, copies: await left(3) }, how);
      expect(await askFor(5000, "unknown.example.com", "*.example.com")).toMatchObject({
        version: "unavailable",
      });
    });

    test("what KV says as soon as it says it again", async () => {
      const world = cut({ vars: VARS, copies: await left(3) }, how);
      await world.askFor(1000, ...KEYS);
      world.kv.fails = false;
      world.kv.afterMs = 0;
      world.kv.values.set("*.example.com", inKv(5));
      await world.askFor(4000, ...KEYS);
      await world.askFor(1000, ...KEYS);
      expect(await world.ask(...KEYS)).toMatchObject({ version: 5, source: "memory" });
    });
  },
);

describe("copies", () => {
  test("are not read while KV or the hub answers", async () => {
    const copies = await left(3);
    const { askFor, kv } = isolate({ vars: VARS, copies });
    copies.match = async () => {
      throw new Error("it was read");
    };
    kv.values.set("*.example.com", inKv(4));
    expect(await askFor(1000, ...KEYS)).toMatchObject({ version: 4, source: "kv" });
  });

  test("are written once a day, and whenever the text changes, by however many isolates", async () => {
    const copies = new TestCopies();
    const world = isolate({ vars: VARS, copies });
    world.kv.values.set("shop", inKv(1));
    for (let hour = 0; hour < 48; hour += 1) {
      await world.askFor(1000, "shop");
      if (hour === 12) world.kv.values.set("shop", inKv(2));
      world.clock.set(world.clock.now() + COPY_AGAIN_MS / 24 - 1000);
    }
    // At first, after the change, a day after that.
    expect(copies.puts).toBe(3);
    const fresh = isolate({ vars: VARS, copies });
    fresh.clock.set(world.clock.now());
    fresh.kv.values.set("shop", inKv(2));
    await fresh.askFor(1000, "shop");
    expect(copies.puts).toBe(3);
  });

  test("never replace a newer one", async () => {
    const copies = await left(3);
    await left(2, copies);
    expect(JSON.stringify([...copies.kept.values()])).toContain("v3.example.com");
  });

  test("of invented names are few, and none where nothing is served", async () => {
    const copies = new TestCopies();
    const world = isolate({ vars: VARS, copies });
    for (let n = 0; n < 50; n += 1) await world.askFor(100, `n${n}.example.com`, "*");
    expect(copies.puts).toBe(0);
    world.kv.values.set("*.example.com", inKv(1));
    await world.askFor(10_000, "x.example.com", "*.example.com");
    const before = copies.puts;
    for (let n = 0; n < 100; n += 1) await world.askFor(100, `n${n}.example.com`, "*.example.com");
    expect(copies.puts - before).toBeLessThanOrEqual(10 * COPIES_PER_SECOND + COPIES_PER_SECOND);
    expect(copies.puts - before).toBeGreaterThan(8 * COPIES_PER_SECOND);
  });

  test("are neither read nor written without a host", async () => {
    const copies = new TestCopies();
    const world = isolate({ copies });
    world.kv.values.set("shop", inKv(1));
    await world.askFor(1000, "shop");
    expect(copies.puts).toBe(0);
  });

  test("that cannot be read or written cost nothing but the copy", async () => {
    const copies = new TestCopies();
    copies.match = () => Promise.reject(new Error("no cache"));
    const { askFor } = cut({ vars: VARS, copies }, "fail");
    expect(await askFor(3000, "shop")).toMatchObject({ version: "unavailable" });
    const world = isolate({ vars: VARS, copies });
    world.kv.values.set("shop", inKv(1));
    expect(await world.askFor(1000, "shop")).toMatchObject({ version: 1 });
    await world.clock.pass(10_000);
    await Promise.all(world.behind);
  });
});
