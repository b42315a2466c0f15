import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";

import { startKvFleet, type KvMode } from "../../support/failing-kv.ts";
import { see } from "./seen.ts";
import { openShop, type Shop } from "./shop.ts";

let open: Shop;

beforeAll(async () => {
  open = await openShop();
});
afterAll(async () => open?.close());
afterEach(async () => {
  const { fleet } = open;
  await Promise.all([fleet.setKv("works"), fleet.setHub("works")]);
  await fleet.forget();
});

test.each(["throws", "hangs"] as const)(
  "KV %s: a cold isolate serves from the hub",
  async (mode) => {
    const { fleet, visit: shop } = open;
    await fleet.setKv(mode);
    // A hub that begins has to hear of all routes first: until then no key is known to be absent.
    let first = await shop();
    for (let turn = 0; turn < 100 && first.source !== "hub"; turn += 1) {
      await sleep(100);
      await fleet.forget();
      first = await shop();
    }
    expect(first).toMatchObject({ answer: "200", source: "hub" });
    expect(await shop()).toMatchObject({ answer: "200", source: "memory" });
  },
);

test.each(["throws", "hangs"] as const)(
  "KV and the hub %s: a cold isolate serves from the colo's copy",
  async (mode) => {
    const { fleet, visit: shop } = open;
    // A copy is written behind the response that it was served with.
    let seen = "";
    for (let turn = 0; turn < 50 && seen !== "colo"; turn += 1) {
      await Promise.all([fleet.setKv("works"), fleet.setHub("works")]);
      await fleet.forget();
      await shop();
      await Promise.all([fleet.setKv(mode), fleet.setHub(mode)]);
      await fleet.forget();
      seen = (await shop()).source ?? "";
    }
    expect(seen).toBe("colo");
    expect(await shop()).toMatchObject({ answer: "200", source: "memory" });
    const { answer } = await see(`${fleet.url}/never-seen/`);
    expect(answer).toBe("503 config-unavailable");
  },
);

/** How long a route is busy with the hub in each state, twice (ms). */
const BUSY_MS = 2500;
/** Between two visits of it (ms): so that one a second that waited for the hub would be more than two in a hundred. */
const BETWEEN_MS = 30;

/** A busy machine is late by itself now and then, and a round is had again; who waits for the hub is late in all of them. */
const MAX_ROUNDS = 3;
const TEST_MS = 120_000;

const MODES = ["works", "hangs", "throws"] as const satisfies readonly KvMode[];

test(
  "the hub hangs, throws, works: a busy route answers as quickly, and the log has a line",
  async () => {
    // Memory is refreshed and a report goes out each second, and either could make a visitor wait.
    const busy = await startKvFleet({
      policies: { shop: { origin: open.one.url } },
      vars: { MEMORY_TTL_SECONDS: "1", REPORT_INTERVAL_SECONDS: "1" },
      admin: {},
    });
    /** The 98th percentile of the time to a head with the hub in each state (ms). */
    const round = async () => {
      const times: Record<KvMode, number[]> = { works: [], hangs: [], throws: [] };
      for (const mode of [...MODES, ...MODES]) {
        await busy.setHub("works");
        await busy.forget();
        await see(`${busy.url}/shop/`);
        await busy.setHub(mode);
        const end = performance.now() + BUSY_MS;
        while (performance.now() < end) {
          times[mode].push((await see(`${busy.url}/shop/`)).headMs);
          await sleep(BETWEEN_MS);
        }
      }
      const p98 = (mode: KvMode) => {
        const sorted = times[mode].toSorted((a, b) => a - b);
        return sorted[Math.floor(sorted.length * 0.98)] ?? Infinity;
      };
      return { works: p98("works"), hangs: p98("hangs"), throws: p98("throws") };
    };
    try {
      const rounds: Record<KvMode, number>[] = [];
      // To wait for the hub once would be 150 ms.
      const isQuick = () => rounds.some((p98) => Math.max(p98.hangs, p98.throws) < p98.works + 100);
      while (!isQuick() && rounds.length < MAX_ROUNDS) rounds.push(await round());
      console.log(`p98 (ms) with a hub that …: ${JSON.stringify(rounds)}`);
      expect({ rounds, isQuick: isQuick() }).toMatchObject({ isQuick: true });
      await busy.logged(/the hub does not answer; KV alone says what is newest/);
    } finally {
      await busy.close();
    }
  },
  TEST_MS,
);
