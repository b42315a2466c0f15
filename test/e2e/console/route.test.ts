import { afterAll, beforeAll, expect, test } from "vitest";

import { MAX_VARIANTS } from "../../../src/policy/limits.ts";
import { expectAccessible, openTab, picture } from "./look.ts";
import { canaryOf, startConsoleWorld, type ConsoleWorld } from "./support.ts";

/** Variants that the page shows at first. */
const MAX_ROWS = 20;

/** After traffic or an edit (ms). */
const SEEN_MS = 6_000;

/** Requests of the API while an edit is waited for: two rounds of what the page asks, and what opens it. */
const MAX_REQUESTS = 12;

const HOUR_MS = 3_600_000;

let world: ConsoleWorld;

beforeAll(async () => {
  world = await startConsoleWorld();
});
afterAll(async () => world?.close());

const canary = (more?: object) => canaryOf(world, more);

const open = async (key: string, options = {}) =>
  openTab(await world.as("ada", options), `${world.url}/routes/${encodeURIComponent(key)}`);

test("figures move within six seconds of traffic, and edits by others appear, without a storm", async () => {
  const key = "live.example.com";
  await world.make(key, canary({ percent: 50 }));
  const tab = await open(key);
  const { page } = tab;
  const cell = page
    .getByRole("row", { name: /stable/ })
    .getByRole("cell")
    .nth(1);
  await cell.getByText("0", { exact: true }).waitFor();
  await world.visitors(key, 12);
  // However few of them were drawn for it: four of twelve are 0.8 a minute.
  await cell.getByText(/[1-9]/).waitFor({ timeout: SEEN_MS });
  const before = tab.requests();
  await world.api("POST", `routes/${key}/actions/promote`, { to: 60 }, "olu", {
    "if-match": '"1"',
  });
  await page.getByText("version 2").waitFor({ timeout: SEEN_MS });
  await page.getByText("60.0 %").waitFor();
  await page.getByText(/olu/).waitFor();
  expect(tab.requests() - before).toBeLessThanOrEqual(MAX_REQUESTS);
  tab.expectSound();
  await page.context().close();
});

test("a map is a tree, a ramp a line with now, and every chart has its table", async () => {
  const key = "tree.example.com";
  const startAt = new Date(Date.now() - HOUR_MS / 2).toISOString();
  const ramp = {
    startAt,
    steps: [
      { percent: 5, holdSeconds: 3600 },
      { percent: 50, holdSeconds: 3600 },
      { percent: 100 },
    ],
  };
  const guard = { checks: [{ metric: "failures", max: 5 }] };
  const { percent: _, ...ramped } = canary({ ramp, guard });
  await world.make(key, {
    strategy: "path-map",
    paths: { "/api": world.origins[0].url },
    default: ramped,
  });
  await world.visitors(key, 12);
  const tab = await open(key);
  const { page } = tab;
  const split = page.getByRole("article", { name: "default" });
  await split.getByRole("img", { name: /^What the clock does: before: stable 100 %/ }).waitFor();
  await split.getByText(/The next stage begins/).waitFor();
  await split.getByRole("heading", { name: "Guard" }).waitFor();
  await page.getByRole("article", { name: "/api" }).waitFor();
  await split.getByText("As a table").click();
  await split
    .getByRole("cell", { name: /stable 95.0 %, canary 5/ })
    .first()
    .waitFor();
  const requests = split
    .getByRole("row", { name: /stable/ })
    .first()
    .getByRole("cell")
    .nth(1);
  await requests.getByText(/^[1-9]/).waitFor({ timeout: SEEN_MS });
  expect(await split.getByText("now").count()).toBeGreaterThan(0);
  await picture(page, "route");
  await expectAccessible(page);
  tab.expectSound();
  await page.context().close();
});

test.each([
  ["light", 1440],
  ["dark", 1440],
  ["light", 360],
  ["dark", 360],
] as const)("is for everybody: %s, %i px", async (colorScheme, width) => {
  const key = `fair-${colorScheme}-${width}.example.com`;
  await world.make(key, canary());
  const tab = await open(key, { colorScheme, viewport: { width, height: 900 } });
  const { page } = tab;
  await page.getByRole("heading", { name: "Over time" }).waitFor();
  await page.getByRole("button", { name: "As a table" }).click();
  await expectAccessible(page);
  expect(await page.evaluate("document.documentElement.scrollWidth <= innerWidth")).toBe(true);
  tab.expectSound();
  await page.context().close();
});

test.each([
  ["Republish version 1", "version 1"],
  ["Adopt what KV has", "version 2"],
])("what somebody wrote to KV by hand is told, and ended by: %s", async (way, after) => {
  const key = `drift-${after.at(-1)}.example.com`;
  await world.make(key, canary());
  const tab = await open(key);
  const { page } = tab;
  await page.getByText(/published$/).waitFor();
  await world.fleet.put(key, { origin: world.origins[0].url });
  await page.getByRole("button", { name: way }).click();
  await page.getByRole("button", { name: way }).waitFor({ state: "detached" });
  await page.getByText(after, { exact: true }).waitFor();
  await page.getByText(/published$/).waitFor();
  expect(await page.getByText("KV has something").count()).toBe(0);
  tab.expectSound();
  await page.context().close();
});

test("names, notes and as many variants as there may be of a hostile policy break nothing", async () => {
  const key = "evil.example.com";
  const evil = `"><img src=x onerror=alert(1)>\u202Egnp`;
  const variants = Array.from({ length: MAX_VARIANTS }, (_, index) => ({
    name: index === 0 ? evil : `v${index}`,
    origin: world.origins[0].url,
    weight: 1,
  }));
  await world.make(key, { strategy: "weighted", variants });
  await world.api(
    "POST",
    `routes/${key}/actions/weights`,
    { weights: { v1: 2 }, note: evil },
    "ada",
    { "if-match": '"1"' },
  );
  const tab = await open(key);
  const { page } = tab;
  await page.getByRole("button", { name: `Show ${MAX_VARIANTS - MAX_ROWS} more` }).waitFor();
  expect(await page.locator("img[src=x]").count()).toBe(0);
  expect(await page.getByRole("row").count()).toBeLessThan(60);
  await expectAccessible(page);
  await page.getByRole("button", { name: `Show ${MAX_VARIANTS - MAX_ROWS} more` }).click();
  await page.getByRole("rowheader", { name: `v${MAX_VARIANTS - 1}` }).waitFor();
  tab.expectSound();
  await page.context().close();
});

test("a route that is not there says so, and one that stops answering is told as stale", async () => {
  const missing = await open("missing.example.com");
  await missing.page.getByRole("alert").getByText("There is no such route").waitFor();
  await missing.page.context().close();
  const key = "stale.example.com";
  await world.make(key, canary());
  const { page } = await open(key);
  await page.getByRole("heading", { name: "Live now" }).waitFor();
  await page.route("**/v1/**", async (one) => one.abort());
  await page
    .getByText(/^No news since/)
    .first()
    .waitFor();
  expect(await page.getByRole("heading", { name: "Live now" }).count()).toBe(1);
  await page.context().close();
});
