import { describe, expect, test } from "vitest";

import { STALE_MS } from "../../../../src/lib/propagation.ts";
import { inKv, isolate, textOf, TTL_MS } from "./isolate.ts";

const IDLE_MS = TTL_MS + STALE_MS;

/** The keys of a tenant's own host. */
const hostKeys = (tenant: number) => [
  `www.shop-${tenant}.com`,
  `*.shop-${tenant}.com`,
  "*.com",
  "*",
];

/** An isolate without a hub whose KV has version 1 under these keys, and what it read since it was last asked that. */
function isolateWith(...there: readonly string[]) {
  const world = isolate({ hub: false });
  for (const key of there) world.kv.values.set(key, inKv(1));
  const read = () => world.kv.reads.splice(0).map(({ keys }) => keys);
  const sleep = (ms: number) => world.clock.set(world.clock.now() + ms);
  return { ...world, read, sleep };
}

describe("keys read for a host that was served before", () => {
  test.each([
    ["stale", TTL_MS],
    ["idle for long", IDLE_MS],
  ])("are its first one alone where that had the policy: %s", async (_, ms) => {
    const [own = "", ...others] = hostKeys(1);
    const { askFor, read, sleep } = isolateWith(own);
    await askFor(0, own, ...others);
    expect(read()).toEqual([[own, ...others]]);
    for (let round = 0; round < 3; round += 1) {
      sleep(ms);
      expect(await askFor(0, own, ...others)).toMatchObject({ version: 1 });
      expect(read()).toEqual([[own]]);
    }
  });

  test("are the others too, for the same request, where the first one is gone", async () => {
    const [own = "", ...others] = hostKeys(1);
    const { askFor, kv, read, sleep } = isolateWith(own);
    await askFor(0, own, ...others);
    kv.values.delete(own);
    kv.values.set("*.com", inKv(2));
    sleep(IDLE_MS);
    read();
    expect(await askFor(0, own, ...others)).toMatchObject({ version: 2, source: "kv" });
    expect(read()).toEqual([[own], others]);
  });

  test("are the others too, behind the response, where the first one is gone and they are not in memory", async () => {
    const [own = "", ...others] = hostKeys(2);
    const { askFor, kv, read, sleep } = isolateWith("www.shop-1.com", own);
    await askFor(0, ...hostKeys(1));
    await askFor(0, own, ...others);
    kv.values.delete(own);
    kv.values.set("*.shop-2.com", inKv(2));
    sleep(TTL_MS);
    read();
    expect(await askFor(0, own, ...others)).toMatchObject({ version: 1 });
    expect(read()).toEqual([[own], ["*.shop-2.com"]]);
    expect(await askFor(0, own, ...others)).toMatchObject({ version: 2, source: "memory" });
    expect(read()).toEqual([]);
  });

  test("are those ahead of the one that had the policy too: a more specific key counts as soon as ever", async () => {
    const [own = "", wildcard = "", ...others] = hostKeys(1);
    const { askFor, kv, read, sleep } = isolateWith(wildcard);
    await askFor(0, own, wildcard, ...others);
    kv.values.set(own, inKv(2));
    sleep(IDLE_MS);
    read();
    expect(await askFor(0, own, wildcard, ...others)).toMatchObject({ version: 2 });
    expect(read()).toEqual([[own, wildcard]]);
  });
});

describe("keys read for a host that an isolate has not served", () => {
  test("are all in an isolate that knows nothing, then the first one alone as long as that has the policy", async () => {
    const own = (tenant: number) => `www.shop-${tenant}.com`;
    const { askFor, read, sleep } = isolateWith(...[1, 2, 3].map(own));
    for (const tenant of [1, 2]) await askFor(0, ...hostKeys(tenant));
    // One that is known tells nothing of those that are not.
    sleep(IDLE_MS);
    for (const tenant of [2, 3]) await askFor(0, ...hostKeys(tenant));
    expect(read()).toEqual([hostKeys(1), [own(2)], [own(2)], [own(3)]]);
  });

  test("are the others in a second read where the first has none, and then all in one", async () => {
    const { askFor, read } = isolateWith("www.shop-1.com", "*.shop-2.com", "*.shop-3.com");
    for (const tenant of [1, 2, 3])
      expect(await askFor(0, ...hostKeys(tenant))).toMatchObject({ version: 1 });
    expect(read()).toEqual([
      hostKeys(1),
      ["www.shop-2.com"],
      ["*.shop-2.com"],
      ["www.shop-3.com", "*.shop-3.com"],
    ]);
  });

  test("reach as far as a key that has a policy in memory", async () => {
    const { askFor, read } = isolateWith("*.example.com");
    const keysOf = (name: string) => [`${name}.example.com`, "*.example.com", "*.com", "*"];
    await askFor(0, ...keysOf("a"));
    await askFor(0, ...keysOf("b"));
    expect(read()).toEqual([keysOf("a"), ["b.example.com"]]);
  });

  test("are the tenant's alone by path too, with what is stale ahead of it", async () => {
    const tenants = ["shop", "store", "stall"] as const;
    const { askFor, read, sleep } = isolateWith(...tenants);
    const keysOf = (tenant: string) => ["gateway.example.com", "*.example.com", tenant, "*"];
    for (const tenant of tenants) {
      if (tenant === "stall") sleep(TTL_MS);
      expect(await askFor(0, ...keysOf(tenant))).toMatchObject({ version: 1 });
    }
    expect(read()).toEqual([keysOf("shop"), ["store"], keysOf("stall").slice(0, 3)]);
  });

  test("are all of them at once while KV fails: it is waited for once", async () => {
    const { askFor, kv, read } = isolateWith(...hostKeys(1), "www.shop-2.com");
    await askFor(0, ...hostKeys(1));
    kv.fails = true;
    await askFor(5000, ...hostKeys(2));
    await askFor(5000, ...hostKeys(3));
    expect(read().slice(1)).toEqual([["www.shop-2.com"], hostKeys(3).slice(0, 2)]);
  });
});

test("the hub is asked for the others too where it says that the first is gone", async () => {
  const [own = "", ...others] = hostKeys(1);
  const { askFor, clock, kv, lookups, said } = isolate();
  kv.values.set(own, inKv(1));
  await askFor(0, own, ...others);
  const before = lookups().length;
  kv.values.clear();
  said.answer = ({ lookups: asked, routes }) => ({
    routes: [
      ...routes.map(({ key }) => ({ key, version: 2, text: null })),
      ...(asked.includes("*") ? [{ key: "*", version: 3, text: textOf(3) }] : []),
    ],
  });
  clock.set(clock.now() + 300_000);
  expect(await askFor(1000, own, ...others)).toMatchObject({ version: 3, source: "hub" });
  expect(lookups().length - before).toBe(others.length);
});
