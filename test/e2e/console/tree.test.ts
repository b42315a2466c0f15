import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { tabTo } from "./keys.ts";
import { expectAccessible, isFocused, openTab } from "./look.ts";
import { startConsoleWorld, type ConsoleWorld } from "./support.ts";

/** Parts that the page shows at first. */
const MAX_BRANCHES = 25;

/** Variants that a table shows at first. */
const MAX_ROWS = 20;

let world: ConsoleWorld;

beforeAll(async () => {
  world = await startConsoleWorld();
});
afterAll(async () => world?.close());

/** A map whose keys lead to so many parts; with the map itself there is one more. */
const mapOf = (parts: number) => ({
  strategy: "path-map",
  paths: Object.fromEntries(
    Array.from({ length: parts - 1 }, (_, at) => [
      `/part-${String(at).padStart(2, "0")}`,
      {
        strategy: "canary",
        stable: world.origins[0].url,
        canary: world.origins[1].url,
        percent: at,
      },
    ]),
  ),
  default: world.origins[0].url,
});

const pageOf = (key: string) => `${world.url}/routes/${encodeURIComponent(key)}`;

describe("a policy of more parts than are shown at first", () => {
  test("is unfolded by keyboard: one goes on in the first part that came, and none is lost", async () => {
    const key = "parts.localhost";
    await world.make(key, mapOf(40));
    const { page, ...tab } = await openTab(await world.as("ada"), pageOf(key));
    const parts = page.getByRole("list", { name: "The policy" }).locator("> li");
    const more = page.getByRole("button", { name: `Show ${41 - MAX_BRANCHES} more parts` });
    await more.waitFor();
    expect(await parts.count()).toBe(MAX_BRANCHES);
    // By Tab from the last part that is shown: each has ways to change it.
    await page.getByRole("article").last().getByRole("link", { name: "Change" }).focus();
    await tabTo(page, /^Show 16 more parts$/);
    await page.keyboard.press("Enter");
    await more.waitFor({ state: "detached" });
    expect(await parts.count()).toBe(41);
    expect(await isFocused(parts.nth(MAX_BRANCHES))).toBe(true);
    const names = await page
      .getByRole("article")
      .getByRole("heading", { level: 2 })
      .allInnerTexts();
    expect(new Set(names).size).toBe(40);
    expect(names).toContain("/part-38");
    expect(names).toContain("default");
    await expectAccessible(page);
    expect(await tab.clicks()).toBe(0);
    tab.expectSound();
    await page.context().close();
  });

  test("is unfolded by pointer, stays so through what comes, and at the limit is not folded", async () => {
    const key = "pointed.localhost";
    await world.make(key, mapOf(MAX_BRANCHES + 2));
    const { page, ...tab } = await openTab(await world.as("ada"), pageOf(key));
    const parts = page.getByRole("list", { name: "The policy" }).locator("> li");
    await page.getByRole("button", { name: "Show 3 more parts" }).click();
    expect(await parts.count()).toBe(MAX_BRANCHES + 3);
    await world.api("PUT", `routes/${key}`, { policy: mapOf(MAX_BRANCHES + 1) }, "ada", {
      "if-match": '"1"',
    });
    await page.getByText("version 2", { exact: true }).waitFor();
    expect(await parts.count()).toBe(MAX_BRANCHES + 2);
    tab.expectSound();
    const whole = "whole.localhost";
    await world.make(whole, mapOf(MAX_BRANCHES - 1));
    await page.goto(pageOf(whole));
    await parts.first().waitFor();
    expect(await parts.count()).toBe(MAX_BRANCHES);
    expect(await page.getByRole("button", { name: /more parts/ }).count()).toBe(0);
    await page.context().close();
  });
});

/** Names that a page may take for something else. */
const NAMES = [
  `"><img src=x onerror=alert(1)>`,
  "</script><script>alert(1)</script>",
  "\u202Egnp.elbatsni\u2066",
  "שלום עולם",
  "-rf --",
  "1",
  "0",
  "__proto__",
  "constructor",
  "\u200B",
  "👩‍👩‍👧‍👦".repeat(5),
  "x".repeat(64),
];

describe("64 variants with hostile names, at 360 px", () => {
  const key = `${"long-".repeat(11)}host.localhost`;
  const names = Array.from({ length: 64 }, (_, at) => NAMES[at] ?? `variant-${at}`);

  beforeAll(async () => {
    await world.make(key, {
      strategy: "weighted",
      salt: "<b>salt</b>",
      variants: names.map((name, at) => ({
        name,
        origin: world.origins[0].url,
        weight: at + 1,
      })),
    });
    await world.api(
      "POST",
      `routes/${key}/actions/weights`,
      { weights: { "variant-20": 50 }, note: `${NAMES[0]} ${"y".repeat(400)}` },
      "ada",
      { "if-match": '"1"' },
    );
    await world.visitors(key, 12);
  });

  test.each([
    ["overview", "", `Show ${64 - MAX_ROWS} more`],
    ["change", "/change", `Show ${64 - MAX_ROWS} more`],
    ["history", "/history", undefined],
    ["results", "/results", undefined],
    ["edit", "/edit", undefined],
  ] as const)(
    "%s: nothing leaves the page, nothing is markup, axe is content",
    async (_, path, more) => {
      const context = await world.as("ada", { viewport: { width: 360, height: 740 } });
      const { page, ...tab } = await openTab(context, `${pageOf(key)}${path}`);
      await page
        .getByText(/^as of \d/)
        .first()
        .waitFor();
      await page.locator("[aria-busy=true]").first().waitFor({ state: "detached" });
      if (more !== undefined) await page.getByRole("button", { name: more }).click();
      expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(360);
      expect(await page.locator("img[src=x], main script").count()).toBe(0);
      await expectAccessible(page);
      tab.expectSound();
      await context.close();
    },
  );

  test("each is there, in the order of the policy", async () => {
    const { page } = await openTab(await world.as("ada"), pageOf(key));
    await page.getByRole("button", { name: `Show ${64 - MAX_ROWS} more` }).click();
    const rows = page.getByRole("rowheader");
    await expect.poll(async () => rows.count()).toBe(64);
    expect(await rows.locator(".route-variant .name").allTextContents()).toEqual(names);
    await page.context().close();
  });
});

test("a variant whose name is a number keeps its colour and its place in the bar", async () => {
  const key = "numbers.localhost";
  const [a, b] = world.origins;
  await world.make(key, {
    strategy: "weighted",
    variants: [
      { name: "b", origin: a.url, weight: 70 },
      { name: "1", origin: b.url, weight: 30 },
    ],
  });
  const { page } = await openTab(await world.as("ada"), pageOf(key));
  const card = page.getByRole("article", { name: "Live now" });
  const bar = card.getByRole("img", { name: "Shares: b 70 %, 1 30 %" });
  await bar.waitFor();
  const drawn = await bar.locator("i").all();
  const parts = await Promise.all(
    drawn.map(async (part) => [await part.getAttribute("class"), await part.getAttribute("style")]),
  );
  expect(parts).toEqual([
    ["series-0", "width: 70%;"],
    ["series-1", "width: 30%;"],
  ]);
  const marks = card.getByRole("rowheader").locator(".series-mark");
  expect(await marks.first().getAttribute("class")).toContain("series-0");
  await page.context().close();
});
