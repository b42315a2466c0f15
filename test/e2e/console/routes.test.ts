import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";

import { expectAccessible, isFocused, openTab, picture, tabTo } from "./look.ts";
import { tellOfLastMinute, underWay, type Outcome } from "./live-routes.ts";
import { startConsoleWorld, type ConsoleWorld, type Person } from "./support.ts";

let world: ConsoleWorld;
beforeAll(async () => {
  world = await startConsoleWorld();
});
afterAll(async () => world?.close());

const open = async (person: Person, path = "/", options = {}) =>
  openTab(await world.as(person, options), `${world.url}${path}`);

const rows = (page: Page) => page.locator("tbody tr[data-row]");

test("where there is no route, the page says how to make one", async () => {
  const { page, expectSound } = await open("rey");
  await page.getByRole("heading", { name: "There is no route yet" }).waitFor();
  expect(await page.getByRole("main").textContent()).toContain("sy put");
  await expectAccessible(page);
  expectSound();
  await page.context().close();

  // What the other tests look at.
  const [old, fresh] = world.origins;
  const canary = { strategy: "canary", stable: old.url, canary: fresh.url, percent: 50 };
  await world.make("shop.localhost", canary);
  await world.make("calm.localhost", { strategy: "weighted", variants: calm(old.url) });
  await world.make("samovar", { strategy: "single", origin: old.url });
  for (const [key, policy] of Object.entries(underWay(old.url, fresh.url))) {
    await world.make(key, policy);
    const [main = "", other = ""] = key.startsWith("docs") ? ["blue"] : ["stable", "canary"];
    const few: Outcome[] = other === "" ? [] : [[other, 20 + key.length]];
    await tellOfLastMinute(world, [{ key, policy, outcomes: [[main, 40 * key.length], ...few] }]);
  }
  fresh.answer(500);
  await world.visitors("shop.localhost", 12);
  await world.visitors("calm.localhost", 4);
  fresh.answer(200);
  await tellOfLastMinute(world, [
    {
      key: "shop.localhost",
      policy: canary,
      outcomes: [
        ["stable", 60],
        ["canary", 0, 60],
      ],
    },
  ]);
});

const calm = (origin: string) => [
  { name: "control", origin, weight: 50 },
  { name: "bold", origin, weight: 50 },
];

/** All that there are. */
const ROUTES = 8;

test("which route fails is found by one click, and its worst variant is named", async () => {
  const { page, expectSound, clicks } = await open("rey");
  const failing = page.getByRole("button", { name: /^Failing [1-9]/ });
  await failing.waitFor();
  await failing.click();
  await expect.poll(async () => rows(page).count()).toBe(1);
  const row = await rows(page).first().textContent();
  expect(row).toContain("shop.localhost");
  expect(row).toMatch(/100 %\s*canary/);
  expect(await clicks()).toBeLessThanOrEqual(1);
  await page.getByRole("img", { name: /Requests a minute of shop.localhost/ }).waitFor();
  await page.getByRole("button", { name: /^All/ }).click();
  await page.getByRole("button", { name: /Failures, 5 min/ }).click();
  expect(await rows(page).first().textContent()).toContain("shop.localhost");
  await page.setViewportSize({ width: 1280, height: 620 });
  const lines = page.getByRole("img", { name: /Requests a minute of/ });
  await expect.poll(async () => lines.count()).toBe(ROUTES - 1);
  await picture(page, "routes");
  expectSound();
  await page.context().close();
});

/** In the page's own language: by how much the marks of a row are wider than their cell, of the one where that is most. */
const TOO_WIDE = `
Math.max(
  ...[...document.querySelectorAll(".routes-state .routes-marks")]
    .map(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth),
)`;

test("a ramp, a cut-over: each has a mark of its own shape and word, and says what comes when", async () => {
  const { page, expectSound } = await open("rey", "/?order=marks");
  const marks = (key: string) =>
    rows(page).filter({ hasText: key }).locator(".routes-state .badge");
  const told = async (key: string) => marks(key).allTextContents();
  await expect.poll(async () => told("checkout.localhost")).toEqual(["↗ramp 1/3"]);
  expect(await told("docs.localhost")).toEqual(["◷change due"]);
  expect(await told("login.localhost")).toEqual(["◷ramp set"]);
  expect(await told("mail.localhost")).toEqual(["‖ramp paused"]);
  expect(await told("search.localhost")).toEqual(["⇡ramp waits", "●guard watching"]);
  const cutOver = await marks("docs.localhost").getAttribute("title");
  expect(cutOver).toMatch(/^docs\.localhost: From .+ on: blue 0 %, green 100 %\.$/);
  // All of them have room.
  expect(await page.evaluate<number>(TOO_WIDE)).toBe(0);
  // Those under way come before the quiet ones.
  const keys = await rows(page).locator(".routes-key a").allTextContents();
  expect(keys.slice(-2).toSorted()).toEqual(["calm.localhost", "samovar"]);
  expectSound();
  await page.context().close();
});

test("by keyboard alone: a slash, a few letters, an arrow, Enter", async () => {
  const { page, expectSound, clicks } = await open("rey");
  await rows(page).first().waitFor();
  await page.keyboard.press("/");
  await page.keyboard.type("SHOP");
  await expect.poll(async () => rows(page).count()).toBe(1);
  await page.keyboard.press("ArrowDown");
  const link = page.getByRole("link", { name: "shop.localhost" });
  await expect.poll(async () => isFocused(link)).toBe(true);
  await page.keyboard.press("ArrowUp");
  expect(await isFocused(page.getByRole("searchbox"))).toBe(true);
  await page.keyboard.press("Escape");
  await expect.poll(async () => rows(page).count()).toBe(ROUTES);
  await tabTo(page, page.getByRole("link", { name: "calm.localhost" }));
  await page.keyboard.press("End");
  expect(await isFocused(page.getByRole("link", { name: "shop.localhost" }))).toBe(true);
  await page.keyboard.press("Enter");
  await page.waitForURL(`${world.url}/routes/shop.localhost`);
  await expect.poll(async () => isFocused(page.locator("#content"))).toBe(true);
  expect(await clicks()).toBe(0);
  expectSound();
  await page.context().close();
});

test("a search that finds nothing says so, and leads back", async () => {
  const { page } = await open("rey", "/?q=%3Cimg%20src%3Dx%3E");
  await page.getByText("No route has “<img src=x>” in its key").waitFor();
  await page.getByRole("button", { name: "Show all routes" }).click();
  await expect.poll(async () => rows(page).count()).toBe(ROUTES);
  await page.context().close();
});

test("who may see some routes sees those alone", async () => {
  const { page, expectSound } = await open("sam");
  await rows(page).first().waitFor();
  expect(await rows(page).count()).toBe(1);
  expect(await rows(page).first().textContent()).toContain("samovar");
  expectSound();
  await page.context().close();
});

test("a control plane that does not answer leaves what was known, and one that never did says why", async () => {
  const { page } = await open("rey");
  await rows(page).first().waitFor();
  await page.route("**/v1/**", (route) => route.abort());
  await page.getByText("No news since").waitFor({ timeout: 20_000 });
  expect(await rows(page).count()).toBe(ROUTES);
  await page.reload();
  await page.getByRole("alert").waitFor({ timeout: 20_000 });
  await page.context().close();
});

for (const colorScheme of ["light", "dark"] as const)
  for (const width of [360, 1440])
    test(`axe finds nothing wrong, ${colorScheme}, ${width} px wide`, async () => {
      const viewport = { width, height: 900 };
      const { page, expectSound } = await open("rey", "/", { colorScheme, viewport });
      await rows(page).first().waitFor();
      await expectAccessible(page);
      const widest = await page.evaluate<number>("document.documentElement.scrollWidth");
      expect(widest).toBeLessThanOrEqual(width);
      expectSound();
      await page.context().close();
    });

/** What is loaded before the first page shows something (bytes, gzip). */
const FIRST_PAGE_BYTES = 80 * 1024;

/** From the address to a list that takes keys (ms). */
const INTERACTIVE_MS = 1000;

test("the first page is at most 80 KiB, and there within a second", async () => {
  const dist = join(import.meta.dirname, "../../../dist/console");
  const html = readFileSync(join(dist, "index.html"), "utf8");
  const loaded = new Set([...html.matchAll(/assets\/[\w.-]+\.(?:js|css)/g)].map(([file]) => file));
  expect(loaded.size).toBeGreaterThanOrEqual(2);
  const bytes = [...loaded].map((file) => gzipSync(readFileSync(join(dist, file))).byteLength);
  expect(bytes.reduce((sum, one) => sum + one, 0)).toBeLessThanOrEqual(FIRST_PAGE_BYTES);
  expect(globSync("assets/*.map", { cwd: dist })).toEqual([]);

  const { page } = await open("rey");
  const times: number[] = [];
  for (let load = 0; load < 3; load += 1) {
    await page.reload();
    await rows(page).first().waitFor();
    times.push(await page.evaluate<number>("performance.now()"));
  }
  expect(Math.min(...times)).toBeLessThanOrEqual(INTERACTIVE_MS);
  await page.context().close();
});
