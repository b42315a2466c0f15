import { gzipSync } from "node:zlib";

import type { BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { expectAccessible, openTab, picture } from "./look.ts";
import { startConsoleWorld, type ConsoleWorld } from "./support.ts";

/** What the page may load in all, scripts and styles (bytes, gzip): 170 KiB. */
const MAX_LOADED_BYTES = 170 * 1024;

/** No work may hold keys up for longer (ms), on a busy machine with two cores. */
const MAX_TASK_MS = 400;

let world: ConsoleWorld;
let ada: BrowserContext;

const policy = (percent: number, others: object = {}) => ({
  strategy: "canary",
  stable: world.origins[0].url,
  canary: world.origins[1].url,
  percent,
  guard: { checks: [{ metric: "failures", maxIncrease: 1 }] },
  ...others,
});

beforeAll(async () => {
  world = await startConsoleWorld();
  ada = await world.as("ada");
});
afterAll(async () => world?.close());

const textOf = (page: Page) => page.getByRole("textbox", { name: /^Policy of/ });
const button = (page: Page, name: string | RegExp) => page.getByRole("button", { name });

/** Waits for what the page says of the text as a whole. */
const checkedAs = async (page: Page, words: RegExp) =>
  page.locator(".editor-findings").getByRole("status").filter({ hasText: words }).waitFor();

async function open(key: string, context = ada) {
  const tab = await openTab(context, `${world.url}/routes/${encodeURIComponent(key)}/edit`);
  await textOf(tab.page).waitFor();
  return tab;
}

/** Puts another text in place of the whole, by pasting it. */
async function write(page: Page, text: string): Promise<void> {
  await textOf(page).focus();
  await page.keyboard.press("Control+A");
  // In the page's own language: to type a long text key by key would take minutes.
  await page.evaluate(`{
    const clipboardData = new DataTransfer();
    clipboardData.setData("text/plain", ${JSON.stringify(text)});
    document.querySelector(".editor-code").shadowRoot.querySelector(".cm-content")
      .dispatchEvent(new ClipboardEvent("paste", { clipboardData, bubbles: true, cancelable: true }));
  }`);
}

const json = (value: unknown) => JSON.stringify(value, null, 2);
const newest = async (key: string) => {
  const route = (await world.api("GET", `routes/${key}`)) as Record<string, unknown>;
  return route;
};

describe("the editor", () => {
  test("saves a version with a note, after it has said who moves", async () => {
    await world.make("save.localhost", policy(5));
    const { page, clicks, expectSound } = await open("save.localhost");
    await write(page, json(policy(25)));
    await checkedAs(page, /valid$/);
    await button(page, "Review and save…").click();
    await page.getByText(/of 10,000 visitors move/).waitFor();
    await page.getByText("stable → canary").first().waitFor();
    await page.getByLabel("Why (kept in the history)").fill("more of it");
    await picture(page, "editor");
    await button(page, "Save as version 2").click();
    await page.getByText("Version 2 is saved").waitFor();
    expect(await clicks()).toBe(2);
    expect(await newest("save.localhost")).toMatchObject({
      version: 2,
      note: "more of it",
      author: "ada",
      policy: policy(25),
    });
    expectSound();
    await page.close();
  });

  test("says what sy validate says, at its place in the text", async () => {
    await world.make("wrong.localhost", policy(5));
    const { page, expectSound } = await open("wrong.localhost");
    const wrong = policy(5, { retry: { attemps: 2 }, rescue: "no" });
    await write(page, json(wrong));
    const told = (await world.api("POST", "validate", { policy: wrong })) as {
      issues: { path: string; message: string; fix: string }[];
    };
    expect(told.issues.length).toBeGreaterThan(1);
    for (const { path, message, fix } of told.issues) {
      const finding = page.getByRole("button", { name: path }).filter({ hasText: message });
      await finding.filter({ hasText: fix }).first().waitFor();
    }
    await expect
      .poll(async () => (await page.locator(".cm-lintRange-error").allInnerTexts()).join(""))
      .toContain('"attemps": 2');
    expect(await button(page, "Review and save…").isDisabled()).toBe(true);
    await button(page, /\$\.retry\.attemps/).click();
    await expect
      .poll(async () => page.locator(".cm-activeLine").innerText())
      .toContain('"attemps"');
    await write(page, '{ "strategy": ');
    await page.getByText(/the policy is not JSON: /).waitFor();
    expectSound();
    await page.close();
  });

  test("warns of what is valid and doubtful", async () => {
    await world.make("doubt.localhost", policy(5));
    const { page } = await open("doubt.localhost");
    const doubtful = policy(5, {
      rules: [{ match: { country: "AT" }, variant: "canary", pin: true }],
    });
    await write(page, json(doubtful));
    await page.getByText("1 warning").waitFor();
    expect(await button(page, "Review and save…").isEnabled()).toBe(true);
    await page.close();
  });

  test("offers what the schema has, by keyboard", async () => {
    await world.make("offer.localhost", policy(5));
    const { page, expectSound } = await open("offer.localhost");
    await write(page, '{"strategy": "canary", }');
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("Control+Space");
    const options = page.getByRole("option");
    await options.filter({ hasText: "stable" }).waitFor();
    expect(await options.filter({ hasText: "variants" }).count()).toBe(0);
    await page.keyboard.type("perc");
    await options.filter({ hasText: "percent" }).waitFor();
    // A list that has just come takes no key for 75 ms, so that nobody takes from it by mistake.
    await page.waitForTimeout(100);
    await page.keyboard.press("Enter");
    await expect.poll(async () => textOf(page).innerText()).toContain('"percent": ');
    expectSound();
    await page.close();
  });

  test("brings both edits together where somebody was quicker", async () => {
    const key = "quick.localhost";
    await world.make(key, policy(5));
    const { page } = await open(key);
    await write(page, json(policy(20, { timeoutMs: 1000 })));
    const theirs = policy(10, { rescue: false });
    const headers = { "if-match": '"1"' };
    await world.api("PUT", `routes/${key}`, { policy: theirs }, "ada", headers);
    await button(page, "Review and save…").click();
    await button(page, "Save as version 2").click();
    await page.getByRole("heading", { name: "ada was quicker: version 2" }).waitFor();
    await page.getByText("One place is yours to decide.").waitFor();
    expect(await button(page, "Go on with this").isDisabled()).toBe(true);
    await picture(page, "editor-both");
    await page.getByRole("radio", { name: "Take mine for $.percent: 20" }).check();
    await button(page, "Go on with this").click();
    await button(page, "Save as version 3").click();
    await page.getByText("Version 3 is saved").waitFor();
    expect(await newest(key)).toMatchObject({
      version: 3,
      policy: policy(20, { timeoutMs: 1000, rescue: false }),
    });
    await page.close();
  });

  test("tells of a version that is made meanwhile, and shows it", async () => {
    const key = "while.localhost";
    await world.make(key, policy(5));
    const { page, expectSound } = await open(key);
    await world.api("PUT", `routes/${key}`, { policy: policy(7), note: "seven" }, "ada", {
      "if-match": '"1"',
    });
    await page.getByText("Version 2 was made meanwhile").waitFor();
    await button(page, "Show it").click();
    await expect.poll(async () => textOf(page).innerText()).toContain('"percent": 7');
    expectSound();
    await page.close();
  });

  test("holds a reshuffle back until it is meant", async () => {
    const key = "again.localhost";
    await world.make(key, policy(50));
    const { page } = await open(key);
    await write(page, json(policy(50, { salt: "another" })));
    await button(page, "Review and save…").click();
    await button(page, "Draw them anew all the same").click();
    await button(page, "Save as version 2").click();
    await page.getByText("Version 2 is saved").waitFor();
    await page.close();
  });

  test("makes a route that is not there", async () => {
    const { page } = await open("new.localhost");
    await write(page, json(policy(1)));
    await button(page, "Review and save…").click();
    await button(page, "Make this route").click();
    await page.getByText("Version 1 is saved").waitFor();
    expect(await newest("new.localhost")).toMatchObject({ version: 1, policy: policy(1) });
    await page.close();
  });

  test("shows a policy to read to whom it is not to write", async () => {
    const key = "read.localhost";
    await world.make(key, policy(5));
    const context = await world.as("rey");
    const { page, expectSound } = await open(key, context);
    await page.getByText("version 1 · to read only").waitFor();
    await write(page, "{}");
    expect(await textOf(page).innerText()).toContain('"percent": 5');
    expect(await button(page, "Review and save…").count()).toBe(0);
    expectSound();
    await context.close();
  });

  test("is left by Escape and Tab, and asks before it is left with something unsaved", async () => {
    const key = "leave.localhost";
    await world.make(key, policy(5));
    const { page, expectSound } = await open(key);
    await write(page, json(policy(6)));
    await page.keyboard.press("Escape");
    await page.keyboard.press("Tab");
    expect(await textOf(page).evaluate((element) => element.matches(":focus"))).toBe(false);
    expect(await textOf(page).innerText()).not.toContain("\t");
    await page.getByRole("link", { name: "Results" }).click();
    await page.getByRole("heading", { name: "Leave without saving?" }).waitFor();
    await button(page, "Stay").click();
    await expect.poll(async () => textOf(page).innerText()).toContain('"percent": 6');
    await page.getByRole("link", { name: "Results" }).click();
    await button(page, "Leave").click();
    await page.waitForURL("**/results");
    await page.goBack();
    await page.getByText("What you had not saved is here again").waitFor();
    await expect.poll(async () => textOf(page).innerText()).toContain('"percent": 6');
    await button(page, "Throw it away").click();
    await expect.poll(async () => textOf(page).innerText()).toContain('"percent": 5');
    expectSound();
    await page.close();
  });

  test("takes hostile texts for texts, and is not held up by long ones", async () => {
    const key = "hostile.localhost";
    await world.make(key, policy(5));
    const { page, expectSound } = await open(key);
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
    expectSound();
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
    const { page, expectSound } = await open(key, context);
    await write(page, json(policy(25, { rescue: 1 })));
    await page.getByText("1 error").waitFor();
    await expectAccessible(page);
    await write(page, json(policy(25)));
    await button(page, "Review and save…").click();
    await page.getByText(/of 10,000 visitors move/).waitFor();
    await expectAccessible(page);
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(width);
    expectSound();
    await context.close();
  });
});
