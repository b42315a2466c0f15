import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";

import { tellOfLastMinute } from "./live-routes.ts";
import { publishAll, publishingEntry } from "./published.ts";
import { isFocused, openTab } from "./look.ts";
import { startConsoleWorld, type ConsoleWorld } from "./support.ts";
import { longestTask } from "./tasks.ts";

const MANY = 10_000;

const keyOf = (index: number): string => `route-${String(index).padStart(5, "0")}.localhost`;

/** One in so many has had requests in the last minute, of which some failed: the hub tells some hundred routes a shard apart. */
const BUSY = 10;

/** Publishing takes so long (ms) on a machine that has much else to do. */
const PUBLISHED_MS = 180_000;

let world: ConsoleWorld;
beforeAll(async () => {
  world = await startConsoleWorld({ entry: await publishingEntry() });
  const [old, fresh] = world.origins;
  const policies = new Map(
    Array.from({ length: MANY }, (_, index): [string, object] => [
      keyOf(index),
      { strategy: "canary", stable: old.url, canary: fresh.url, percent: index % 100 },
    ]),
  );
  await publishAll(world, policies);
  const busy = [...policies].filter((_, index) => index % BUSY === 0);
  await tellOfLastMinute(
    world,
    busy.map(([key, policy], index) => ({
      key,
      policy,
      outcomes: [
        ["stable", index],
        ["canary", 50, index % 50],
      ],
    })),
  );
}, PUBLISHED_MS);
afterAll(async () => world?.close());

const rows = (page: Page) => page.locator("tbody tr[data-row]");

/** A task that is longer keeps somebody waiting (ms): the browser's own word for it begins there. */
const LONG_TASK_MS = 50;

/** In the page's own language: scrolls to the end and half the way back; no row stays from one frame to the next. */
const SCROLL_THROUGH = `
new Promise((resolve) => {
  const box = document.querySelector(".routes-box");
  const step = box.scrollHeight / 60;
  let frames = 0;
  const next = () => {
    frames += 1;
    box.scrollTop += frames <= 60 ? step : -step;
    if (frames < 90) requestAnimationFrame(next);
    else resolve(undefined);
  };
  requestAnimationFrame(next);
})
`;

test("ten thousand routes scroll without a stutter, are found at once, and make no storm of requests", async () => {
  const { page, expectSound, requests } = await openTab(await world.as("rey"), "about:blank");
  const before = requests();
  await page.goto(`${world.url}/`);
  await page.getByRole("button", { name: "All 10,000", exact: true }).waitFor();
  expect(await page.getByRole("table", { name: "Routes" }).getAttribute("aria-rowcount")).toBe(
    "10001",
  );
  // A page of a hundred, ten of a thousand, and a few hours of those in view.
  expect(requests() - before).toBeLessThanOrEqual(45);

  const search = page.getByRole("searchbox");
  const find = async (text: string, rowsFound: number) => {
    await search.fill(text);
    await expect.poll(async () => rows(page).count()).toBe(rowsFound);
  };
  // Once without a clock: what the tests bring into the page is there then.
  await find("route-0999", 10);
  const lookAround = async () => {
    await search.fill("");
    await page.evaluate(SCROLL_THROUGH);
    await find("route-0999", 10);
    await search.fill("");
    await page.getByRole("button", { name: /Failures, 5 min/ }).click();
    await page.getByRole("button", { name: "Route", exact: false }).first().click();
  };
  // What is slow is so each time; what a machine that is busy makes of it is not.
  const longest = Math.min(
    await longestTask(page, lookAround),
    await longestTask(page, lookAround),
  );
  expect(longest).toBeLessThanOrEqual(LONG_TASK_MS);
  // Few rows are ever drawn.
  expect(await rows(page).count()).toBeLessThan(60);

  await page.keyboard.press("/");
  await page.keyboard.press("ArrowDown");
  const first = page.getByRole("link", { name: "route-00000.localhost" });
  await expect.poll(async () => isFocused(first)).toBe(true);
  // The row that has the keyboard keeps it, however far the list is scrolled.
  await page.mouse.move(700, 500);
  for (let row = 0; row < 30; row += 1) {
    await page.mouse.wheel(0, 240);
    await page.evaluate("new Promise(requestAnimationFrame)");
  }
  await page.getByRole("link", { name: "route-00150.localhost" }).waitFor();
  expect(await isFocused(first)).toBe(true);
  await page.keyboard.press("End");
  const last = page.getByRole("link", { name: "route-09999.localhost" });
  await expect.poll(async () => isFocused(last)).toBe(true);
  expectSound();
  await page.context().close();
});
