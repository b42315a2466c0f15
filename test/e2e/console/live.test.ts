import { setTimeout as sleep } from "node:timers/promises";

import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";

import { openTab } from "./look.ts";
import { startConsoleWorld, type ConsoleWorld } from "./support.ts";

const KEY = "live.example.com";

let world: ConsoleWorld;
beforeAll(async () => {
  // As a deployment does: isolates report every five seconds.
  world = await startConsoleWorld({ reportSeconds: null });
  const [old, fresh] = world.origins;
  const policy = { strategy: "canary", stable: old.url, canary: fresh.url, percent: 50 };
  await world.make(KEY, policy);
});
afterAll(async () => world?.close());

/** From a visitor's request to the figure that counts it (ms). */
const SEEN_MS = 6_000;

/** Requests of the API that a tab makes in a minute at most. */
const MAX_REQUESTS_A_MINUTE = 30;

const MINUTE_MS = 60_000;

/** So much of the page's time goes by while it waits for nothing (ms). */
const STEP_MS = 250;

/** Requests a minute that the page shows, of all variants together; each is rounded. */
async function rateOn(page: Page): Promise<number> {
  const cells = await page.locator("tr td:nth-of-type(2)").allTextContents();
  return cells.reduce((sum, text) => sum + Number(text), 0);
}

/** A rate is that of the last five minutes and the one that goes on: what so many visitors come to at least, rounding aside. */
const leastRate = (visitors: number): number => visitors / 6 - 1;

/** How long after what the page saw last visitors come (ms): at any time between two reports. */
const PAUSES_MS = [0, 900, 1800, 2700, 3600, 4500] as const;

/** So many more than came that no rate can be taken for the one before: that is one of five minutes at most, and two rounded figures. */
const comingAfter = (visitors: number): number => Math.ceil(visitors / 5) + 13;

/** A busy machine has no time for a report now and then, so one wait of a round may be longer, and a round is had again; figures that are late by design are so in all of them. */
const MAX_ROUNDS = 3;

/** What that takes at most on such a machine. */
const TEST_MS = 300_000;

test(
  "with the usual interval of reports, figures move within six seconds of traffic, whenever it comes",
  async () => {
    const tab = await openTab(await world.as("ada"), `${world.url}/routes/${KEY}`);
    const { page } = tab;
    await page.getByRole("row", { name: /stable/ }).waitFor();
    await expect.poll(async () => rateOn(page)).toBe(0);

    const begin = { at: performance.now(), requests: tab.requests() };
    let visitors = 0;
    const round = async (): Promise<number[]> => {
      const waits: number[] = [];
      for (const pause of PAUSES_MS) {
        await sleep(pause);
        const count = comingAfter(visitors);
        await world.visitors(KEY, count);
        visitors += count;
        const sentAt = performance.now();
        await expect
          .poll(async () => rateOn(page), { interval: 20 })
          .toBeGreaterThanOrEqual(leastRate(visitors));
        waits.push(performance.now() - sentAt);
      }
      return waits;
    };
    const rounds: number[][] = [];
    const isSound = () => rounds.some((waits) => waits.filter((ms) => ms > SEEN_MS).length <= 1);
    while (!isSound() && rounds.length < MAX_ROUNDS) rounds.push(await round());
    const minutes = (performance.now() - begin.at) / MINUTE_MS;
    expect(isSound(), `${JSON.stringify(rounds.map((waits) => waits.map(Math.round)))} ms`).toBe(
      true,
    );
    expect((tab.requests() - begin.requests) / minutes).toBeLessThan(MAX_REQUESTS_A_MINUTE);
    tab.expectSound();
    await page.context().close();
  },
  TEST_MS,
);

test("nobody's traffic costs a tab fewer than thirty requests a minute", async () => {
  const context = await world.as("ada");
  const tab = await openTab(context, "about:blank");
  const { page } = tab;
  await page.clock.install();
  let answered = 0;
  page.on("response", (response) => {
    if (new URL(response.url()).pathname.startsWith("/v1/")) answered += 1;
  });
  await page.goto(`${world.url}/routes/${KEY}`);
  await page.getByRole("row", { name: /stable/ }).waitFor();
  // A minute of the page's own time, step by step, so that answers come about when they were asked for.
  const before = tab.requests();
  for (let passed = 0; passed < MINUTE_MS; passed += STEP_MS) {
    await expect.poll(() => tab.requests() - answered, { interval: 5 }).toBeLessThanOrEqual(0);
    await page.clock.runFor(STEP_MS);
  }
  const requests = tab.requests() - before;
  expect(requests).toBeGreaterThan(0);
  expect(requests).toBeLessThan(MAX_REQUESTS_A_MINUTE);
  tab.expectSound();
  await context.close();
});
