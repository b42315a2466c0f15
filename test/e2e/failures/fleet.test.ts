import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";

import { startKvFleet, type KvFleet } from "../../support/failing-kv.ts";
import { see } from "./seen.ts";
import { openShop, type Shop } from "./shop.ts";

let open: Shop;
let busy: Promise<KvFleet> | undefined;

/** A fleet whose memory is refreshed and whose report goes out each second: either could make a visitor wait. */
const openBusy = async (): Promise<KvFleet> =>
  (busy ??= startKvFleet({
    policies: { shop: { origin: open.one.url } },
    vars: {
      MEMORY_TTL_SECONDS: "1",
      REPORT_INTERVAL_SECONDS: "1",
      FRESH_WAIT_MS: `${FRESH_WAIT_MS}`,
    },
    admin: {},
  }));

beforeAll(async () => {
  open = await openShop();
});
afterAll(async () => {
  await (await busy?.catch(() => undefined))?.close();
  await open?.close();
});
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

/** Who waits for the hub waits so long (ms) where it hangs: far longer than a busy machine is late. */
const FRESH_WAIT_MS = 1000;
/** Between two visits (ms). */
const BETWEEN_MS = 30;
/** A busy machine may be late by itself now and then; who waits for the hub is late in every round. */
const MAX_ROUNDS = 3;

test.each(["hangs", "throws"] as const)(
  "the hub %s: no visitor of a busy route waits for it, and the log has a line",
  async (mode) => {
    const fleet = await openBusy();
    /** The longest time to a head (ms) of visits that go on while the hub is told, and asked what is new, twice. */
    const slowest = async () => {
      await fleet.setHub("works");
      await fleet.forget();
      await see(`${fleet.url}/shop/`);
      await fleet.setHub(mode);
      const before = await fleet.asked();
      let now = before;
      let longest = 0;
      while (now.kv < before.kv + 2 || now.hub < before.hub + 1) {
        const { answer, headMs } = await see(`${fleet.url}/shop/`);
        expect(answer).toBe("200");
        longest = Math.max(longest, headMs);
        await sleep(BETWEEN_MS);
        now = await fleet.asked();
      }
      return longest;
    };
    const told = fleet.logs().length;
    const rounds = [await slowest()];
    while (Math.min(...rounds) >= FRESH_WAIT_MS / 2 && rounds.length < MAX_ROUNDS)
      rounds.push(await slowest());
    expect(Math.min(...rounds)).toBeLessThan(FRESH_WAIT_MS / 2);
    const messages = () =>
      fleet
        .logs()
        .slice(told)
        .map(({ message }) => message)
        .join("\n");
    await expect.poll(messages).toMatch(/the hub does not answer; KV alone says what is newest/);
  },
);
