import { gzipSync } from "node:zlib";

import type { BrowserContext } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { button, checkedAs, guardedCanary, json, openEditor, textOf, write } from "./editing.ts";
import { expectAccessible } from "./look.ts";
import { startConsoleWorld, type ConsoleWorld } from "./support.ts";

/** What the page may load in all, scripts and styles (bytes, gzip): 170 KiB. */
const MAX_LOADED_BYTES = 170 * 1024;

/** No work may hold keys up for longer (ms), on a busy machine with two cores. */
const MAX_TASK_MS = 400;

let world: ConsoleWorld;
let ada: BrowserContext;

const policy = (percent: number, others: object = {}) => guardedCanary(world, percent, others);

beforeAll(async () => {
  world = await startConsoleWorld();
  ada = await world.as("ada");
});
afterAll(async () => world?.close());

const open = async (key: string, context = ada) => openEditor(world, context, key);

describe("the editor", () => {
  test("takes hostile texts for texts, and is not held up by long ones", async () => {
    const key = "hostile.localhost";
    await world.make(key, policy(5));
    const { page, ...tab } = await open(key);
    await page.evaluate(`globalThis.longest = 0;
      new PerformanceObserver((list) => {
        for (const { duration } of list.getEntries()) longest = Math.max(longest, duration);
      }).observe({ type: "longtask" });`);
    const markup = "<img src=x onerror=alert(1)>\u202e\u2066</script>";
    const rules = Array.from({ length: 700 }, (_, at) => ({
      name: `${at} ${markup}`,
      match: { path: `/${at}/*` },
      variant: "canary",
    }));
    const text = json(policy(5, { rules }));
    expect(text.length).toBeGreaterThan(65_536);
    await write(page, text);
    await checkedAs(page, /(valid|\d+ errors?|\d+ warnings?)$/);
    await page.keyboard.press("Control+Home");
    expect(await page.locator("img[src='x']").count()).toBe(0);
    expect(await page.evaluate<number>("longest")).toBeLessThan(MAX_TASK_MS);
    const before = await textOf(page).innerText();
    await write(page, "x".repeat(4_194_304));
    await page.getByText("That was not taken: it is too much for one policy").waitFor();
    await page.keyboard.press("Control+Home");
    expect(await textOf(page).innerText()).toBe(before);
    tab.expectSound();
    await page.close();
  });

  test("loads no more than it may, with all that it can do", async () => {
    const key = "size.localhost";
    await world.make(key, policy(5));
    const loaded = new Map<string, number>();
    const page = await ada.newPage();
    page.on("response", async (response) => {
      const { pathname } = new URL(response.url());
      if (pathname.startsWith("/assets/"))
        loaded.set(pathname, gzipSync(await response.body(), { level: 9 }).length);
    });
    await page.goto(`${world.url}/routes/${key}/edit`);
    await write(page, json(policy(6)));
    await button(page, "Show changes").click();
    await page.locator(".cm-changedLine").first().waitFor();
    await textOf(page).focus();
    await page.keyboard.press("Control+End");
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("Control+Space");
    await expect
      .poll(() => [...loaded.keys()].some((name) => name.includes("policy.schema")))
      .toBe(true);
    const all = [...loaded.values()].reduce((sum, bytes) => sum + bytes, 0);
    expect(all).toBeGreaterThan(100_000);
    expect(all).toBeLessThanOrEqual(MAX_LOADED_BYTES);
    await page.close();
  });

  test.each([
    ["light", 1440],
    ["dark", 360],
  ] as const)("has no fault that axe finds: %s at %i px", async (colorScheme, width) => {
    const key = `axe-${colorScheme}.localhost`;
    await world.make(key, policy(5));
    const context = await world.as("ada", { colorScheme, viewport: { width, height: 900 } });
    const { page, ...tab } = await open(key, context);
    await write(page, json(policy(25, { rescue: 1 })));
    await page.getByText("1 error").waitFor();
    await expectAccessible(page);
    await write(page, json(policy(25)));
    await button(page, "Review and save…").click();
    await page.getByText(/of 10,000 visitors move/).waitFor();
    await expectAccessible(page);
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(width);
    tab.expectSound();
    await context.close();
  });
});
