import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";

import { openShop, type Shop } from "./shop.ts";

const NEW_FOR_ALL_MS = 10_000;

let shop: Shop;

beforeAll(async () => {
  shop = await openShop();
});
afterAll(async () => shop?.close());
afterEach(async () => shop.fleet.setKv("works"));

test.each(["works", "throws", "hangs"] as const)(
  "an edit is everywhere within ten seconds under traffic, where KV %s for the gateway",
  async (mode) => {
    const { fleet, one, two, put, visit } = shop;
    await put(one);
    await fleet.forget();
    while ((await visit()).origin !== "one") await sleep(100);
    await fleet.setKv(mode);
    await put(two);
    const accepted = performance.now();
    let lastOldMs = 0;
    for (let since = 0; since < NEW_FOR_ALL_MS + 2000; since = performance.now() - accepted) {
      const { answer, origin } = await visit();
      expect(answer).toBe("200");
      if (origin === "one") lastOldMs = performance.now() - accepted;
      await sleep(50);
    }
    console.log(`KV ${mode}: the last old answer came ${Math.round(lastOldMs)} ms after the edit`);
    expect(lastOldMs).toBeLessThan(NEW_FOR_ALL_MS);
  },
);
