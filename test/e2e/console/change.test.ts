import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { MAX_VARIANTS } from "../../../src/policy/limits.ts";
import { tabTo } from "./keys.ts";
import { expectAccessible, openTab, picture, type Tab } from "./look.ts";
import { canaryOf, startConsoleWorld, type ConsoleWorld } from "./support.ts";

/** The times (ms) that a person has for each job. */
const RAISE_MS = 20_000;
const ABORT_MS = 5_000;
const UNDO_MS = 10_000;

/** After an edit by somebody else (ms). */
const SEEN_MS = 6_000;

let world: ConsoleWorld;
let made = 0;

beforeAll(async () => {
  world = await startConsoleWorld();
});
afterAll(async () => world?.close());

/** A canary of its own for a test. */
async function canary(more?: object, name = "canary"): Promise<string> {
  made += 1;
  const key = `${name}-${made}.example.com`;
  await world.make(key, canaryOf(world, more));
  return key;
}

const policyOf = async (key: string) => {
  const route = (await world.api("GET", `routes/${encodeURIComponent(key)}`)) as {
    readonly version: number;
    readonly policy: Record<string, unknown>;
  };
  return route;
};

/** Another person's edit. */
const byOlu = async (key: string, action: string, version: number, body: object = {}) =>
  world.api("POST", `routes/${key}/actions/${action}`, body, "olu", { "if-match": `"${version}"` });

const open = async (key: string, page = "", person: "ada" | "olu" = "ada") =>
  openTab(await world.as(person), `${world.url}/routes/${encodeURIComponent(key)}${page}`);

const closed = async (tab: Tab) => {
  tab.expectSound();
  await tab.page.context().close();
};

async function within(ms: number, work: () => Promise<void>): Promise<void> {
  const begun = performance.now();
  await work();
  expect(performance.now() - begun).toBeLessThan(ms);
}

describe("raising a canary to 25 %", () => {
  test("tells how many move first, and takes two clicks from the route", async () => {
    const key = await canary();
    const tab = await open(key);
    const { page } = tab;
    await page.getByRole("link", { name: "Abort" }).waitFor();
    await within(RAISE_MS, async () => {
      await page.getByRole("main").getByRole("link", { name: "Change" }).last().click();
      await page.getByLabel(/^Percent of visitors/).fill("25");
      await page.getByText(/\d of 10,000 visitors move/).waitFor();
      await picture(page, "change");
      await expectAccessible(page);
      await page.getByRole("button", { name: "Set 25 %" }).click();
      await page.getByRole("heading", { name: /^Done: promote, version 2/ }).waitFor();
    });
    expect(await tab.clicks()).toBe(2);
    expect((await policyOf(key)).policy).toMatchObject({ percent: 25 });
    await closed(tab);
  });

  test("by keyboard alone, and back again", async () => {
    const key = await canary();
    const tab = await open(key);
    const { page } = tab;
    await page.getByRole("link", { name: "Abort" }).waitFor();
    await tabTo(page, "Abort");
    await page.keyboard.press("Tab");
    await tabTo(page, "Change");
    await page.keyboard.press("Enter");
    await page.getByLabel(/^Percent of visitors/).waitFor();
    await tabTo(page, /^Percent of visitors/);
    await page.keyboard.press("ControlOrMeta+A");
    await page.keyboard.type("25");
    await page.getByRole("button", { name: "Set 25 %", disabled: false }).waitFor();
    await page.getByText(/visitors move/).waitFor();
    await tabTo(page, "Set 25 %");
    await page.keyboard.press("Enter");
    const done = page.getByRole("heading", { name: /^Done: promote/ });
    await done.waitFor();
    await within(UNDO_MS, async () => {
      await page.keyboard.press("Shift+Tab");
      await tabTo(page, "Undo");
      await page.keyboard.press("Enter");
      await page.getByText(/Undone: version 3/).waitFor();
    });
    expect((await policyOf(key)).policy).toMatchObject({ percent: 20 });
    expect(await tab.clicks()).toBe(0);
    await closed(tab);
  });
});

describe("aborting", () => {
  test("takes two clicks and less than five seconds from the route", async () => {
    const key = await canary();
    const tab = await open(key);
    const { page } = tab;
    await page.getByRole("link", { name: "Abort" }).waitFor();
    await within(ABORT_MS, async () => {
      await page.getByRole("link", { name: "Abort" }).click();
      await page.getByRole("button", { name: "Abort" }).click();
      await page.getByRole("heading", { name: /^Done: abort/ }).waitFor();
    });
    expect(await tab.clicks()).toBe(2);
    expect((await policyOf(key)).policy).toMatchObject({ percent: 0 });
    await closed(tab);
  });

  test("and by keyboard: the way to do it has the focus", async () => {
    const key = await canary();
    const tab = await open(key);
    const { page } = tab;
    await page.getByRole("link", { name: "Abort" }).waitFor();
    await tabTo(page, "Abort");
    await page.keyboard.press("Enter");
    await page.locator("button:focus", { hasText: "Abort" }).waitFor();
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: /^Done: abort/ }).waitFor();
    expect((await policyOf(key)).policy).toMatchObject({ percent: 0 });
    await closed(tab);
  });
});

test("the last change is undone by one click, from the route too", async () => {
  const key = await canary();
  const tab = await open(key, "/change?do=abort");
  const { page } = tab;
  await page.getByRole("button", { name: "Abort" }).click();
  await page.getByRole("heading", { name: /^Done: abort/ }).waitFor();
  await page.getByRole("link", { name: "Overview" }).click();
  const before = await tab.clicks();
  await within(UNDO_MS, async () => {
    await page.getByRole("button", { name: "Undo" }).click();
    await page.getByText(/Undone: version 3/).waitFor();
  });
  expect((await tab.clicks()) - before).toBe(1);
  expect((await policyOf(key)).policy).toMatchObject({ percent: 20 });
  await closed(tab);
});

describe("where everybody moves", () => {
  test("the key is typed first", async () => {
    const key = await canary();
    const tab = await open(key, "/change");
    const { page } = tab;
    await page.getByLabel(/^Percent of visitors/).fill("100");
    const typed = page.getByLabel(/^Everybody moves/);
    await typed.waitFor();
    const button = page.getByRole("button", { name: "Set 100 %" });
    expect(await button.isDisabled()).toBe(true);
    await typed.fill(key.slice(0, -1));
    expect(await button.isDisabled()).toBe(true);
    await typed.fill(key);
    await button.click();
    await page.getByRole("heading", { name: /^Done: promote/ }).waitFor();
    await closed(tab);
  });
});

describe("a change from a page that is behind", () => {
  test("is stopped with what happened meanwhile, and goes on from there", async () => {
    const key = await canary();
    const tab = await open(key, "/change?do=abort");
    const { page } = tab;
    await page.getByRole("button", { name: "Abort" }).waitFor();
    // The page hears nothing more of the route, as one that was left for the night.
    const address = `**/v1/routes/${key}`;
    await page.route(address, async (one) => {
      await one.fulfill({ status: 304 });
    });
    await byOlu(key, "promote", 1, { to: 50 });
    await page.getByRole("button", { name: "Abort" }).click();
    const notice = page.getByRole("alert");
    await notice.waitFor();
    expect(await notice.textContent()).toMatch(/version 1.*newest is 2.*olu.*promote.*percent/s);
    expect((await policyOf(key)).version).toBe(2);
    await page.unroute(address);
    await page.getByRole("button", { name: "Look again and go on" }).click();
    await page.getByText(/5,\d{3} of 10,000 visitors move|4,9\d\d of 10,000/).waitFor();
    await page.getByRole("button", { name: "Abort" }).click();
    await page.getByRole("heading", { name: /^Done: abort, version 3/ }).waitFor();
    await page.context().close();
  });

  test("is seen to be behind within six seconds of another's edit", async () => {
    const key = await canary();
    const tab = await open(key, "/change");
    const { page } = tab;
    await page.getByLabel(/^Percent of visitors/).waitFor();
    await byOlu(key, "promote", 1, { to: 50 });
    await page.getByText(/newest is 2/).waitFor({ timeout: SEEN_MS });
    expect(await page.getByRole("button", { name: /^Set/ }).count()).toBe(0);
    await closed(tab);
  });
});

test("what the API holds back is told, and gone over only in a second step", async () => {
  const key = await canary();
  const tab = await open(key, "/change?do=abort");
  const { page } = tab;
  await page.getByRole("button", { name: "Abort" }).waitFor();
  await world.fleet.put(key, { origin: world.origins[0].url });
  await page.getByRole("button", { name: "Abort" }).click();
  const held = page.getByRole("alert").filter({ hasText: "KV has something" });
  await held.filter({ hasText: "would be gone" }).waitFor();
  expect((await policyOf(key)).version).toBe(1);
  await page.getByRole("button", { name: "Replace what KV has" }).click();
  expect((await policyOf(key)).version).toBe(1);
  await page.getByRole("button", { name: "Abort" }).click();
  await page.getByRole("heading", { name: /^Done: abort/ }).waitFor();
  // The refusal is what the browser logs an error for.
  await page.context().close();
});

test("a hostile policy with as many variants as there may be is changed as any other", async () => {
  const [a] = world.origins;
  const key = "hostile.example.com";
  const evil = `"><img src=x onerror=alert(1)>\u202Egnp`;
  const variants = Array.from({ length: MAX_VARIANTS }, (_, index) => ({
    name: index === 0 ? evil : `v${index}`,
    origin: a.url,
    weight: 1,
  }));
  await world.make(key, { strategy: "weighted", variants });
  const tab = await open(key, "/change");
  const { page } = tab;
  await page.getByLabel(/^Weight of v1,/).waitFor();
  expect(await page.locator("img[src=x]").count()).toBe(0);
  await page.getByRole("button", { name: `Show ${MAX_VARIANTS - 20} more` }).waitFor();
  await expectAccessible(page);
  await closed(tab);
});

test.each([
  ["dark", 1440],
  ["light", 360],
  ["dark", 360],
] as const)("is for everybody: %s, %i px", async (colorScheme, width) => {
  const key = await canary();
  const context = await world.as("ada", { colorScheme, viewport: { width, height: 800 } });
  const tab = await openTab(context, `${world.url}/routes/${key}/change`);
  const { page } = tab;
  await page.getByLabel(/^Percent of visitors/).fill("60");
  await page.getByText(/visitors move/).waitFor();
  await expectAccessible(page);
  expect(await page.evaluate("document.documentElement.scrollWidth <= innerWidth")).toBe(true);
  await closed(tab);
});

test("who may only read is shown no lever", async () => {
  const key = await canary();
  const reader = await openTab(await world.as("rey"), `${world.url}/routes/${key}`);
  await reader.page.getByRole("heading", { name: "Live now" }).waitFor();
  expect(await reader.page.getByRole("link", { name: "Abort" }).count()).toBe(0);
  await reader.page.getByText("may look").waitFor();
  const pages = reader.page.getByRole("navigation", { name: "Pages of this route" });
  await pages.getByRole("link", { name: "Policy" }).waitFor();
  expect(await pages.getByRole("link").allTextContents()).toEqual([
    "Overview",
    "Results",
    "History",
    "Policy",
  ]);
  await reader.page.goto(`${world.url}/routes/${key}/change`);
  await reader.page.getByText("You may look, and not change").waitFor();
  await closed(reader);
});
