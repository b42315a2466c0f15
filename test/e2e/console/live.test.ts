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

/** After what the page saw last (ms), and how many visitors come: so many more than came that no rate can be taken for the one before. */
const COMING = [
  [0, 12],
  [900, 18],
  [1_800, 20],
  [2_700, 26],
  [3_600, 32],
  [4_500, 38],
] as const;

test("with the usual interval of reports, figures move within six seconds of traffic, whenever it comes", async () => {
  const tab = await openTab(await world.as("ada"), `${world.url}/routes/${KEY}`);
  const { page } = tab;
  await page.getByRole("row", { name: /stable/ }).waitFor();
  await expect.poll(async () => rateOn(page)).toBe(0);

  const begin = { at: performance.now(), requests: tab.requests() };
  const waits: number[] = [];
  let visitors = 0;
  for (const [pause, count] of COMING) {
    await sleep(pause);
    await world.visitors(KEY, count);
    visitors += count;
    const sentAt = performance.now();
    await expect
      .poll(async () => rateOn(page), { interval: 20 })
      .toBeGreaterThanOrEqual(leastRate(visitors));
    waits.push(performance.now() - sentAt);
  }
  const minutes = (performance.now() - begin.at) / MINUTE_MS;
  // One of them may have come while this machine had no time for a report.
  const slow = waits.filter((wait) => wait > SEEN_MS);
  expect(slow.length, `${waits.map(Math.round).join(", ")} ms`).toBeLessThanOrEqual(1);
  expect((tab.requests() - begin.requests) / minutes).toBeLessThan(MAX_REQUESTS_A_MINUTE);
  tab.expectSound();
  await page.context().close();
});

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
