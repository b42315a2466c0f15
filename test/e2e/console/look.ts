import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

import type { AxeResults } from "axe-core";
import type { BrowserContext, Locator, Page } from "playwright-core";
import { expect } from "vitest";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

const PICTURES = join(import.meta.dirname, "../../../docs/images/console");

/**
 * In the page's own language: a click that a key makes has the detail 0. Playwright holds one back, at the window, that
 * would meet something else than it aimed at, since the page has moved, and clicks anew: that one reaches no document.
 */
const COUNT_CLICKS = `
globalThis.clicks = 0;
document.addEventListener("click", ({ detail }) => { if (detail > 0) clicks += 1; }, true);
`;

/** A tab that remembers what went wrong in it. */
export interface Tab {
  readonly page: Page;
  /** Fails where the page logged an error, threw one, or met its own policy (CSP). */
  readonly expectSound: () => void;
  /** Clicks of a pointer so far; those that a key makes are none. */
  readonly clicks: () => Promise<number>;
  /** Requests of the API so far. */
  readonly requests: () => number;
}

/** Opens a page of the console. */
export async function openTab(context: BrowserContext, url: string): Promise<Tab> {
  const page = await context.newPage();
  const faults: string[] = [];
  let requests = 0;
  page.on("console", (message) => {
    if (message.type() === "error") faults.push(message.text());
  });
  page.on("pageerror", (error) => faults.push(error.stack ?? error.message));
  page.on("request", (sent) => {
    if (new URL(sent.url()).pathname.startsWith("/v1/")) requests += 1;
  });
  await page.addInitScript(COUNT_CLICKS);
  await page.goto(url);
  return {
    page,
    expectSound: () => expect(faults).toEqual([]),
    clicks: async () => page.evaluate<number>("clicks"),
    requests: () => requests,
  };
}

/** In the page's own language: waits until nothing fades or slides, for a colour on its way is neither of the two. */
const STILL = `Promise.allSettled(
  document.getAnimations()
    .filter(({ effect }) => effect?.getComputedTiming().endTime < Infinity)
    .map(({ finished }) => finished),
)`;

/** Fails with what axe finds wrong with a page as it stands, by rule and element (WCAG 2.2 A and AA, and good practice). */
export async function expectAccessible(page: Page): Promise<void> {
  await page.evaluate(STILL);
  // Over the inspector: the page's own policy lets no script in.
  await page.evaluate(AXE);
  // It copies the styles of shadow roots into elements otherwise, which the page's own policy refuses; no rule here reads them.
  const { violations } = await page.evaluate<AxeResults>("axe.run(document, { preload: false })");
  const found = violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" | ")}`,
  );
  expect(found).toEqual([]);
}

/** Takes a picture for the docs: `SY_WRITE=documents` keeps it, else it only shows that there is something to take. */
export async function picture(page: Page, name: string): Promise<void> {
  const isKept = process.env["SY_WRITE"] === "documents";
  if (isKept) mkdirSync(PICTURES, { recursive: true });
  const image = await page.screenshot({
    animations: "disabled",
    ...(isKept ? { path: join(PICTURES, `${name}.png`) } : {}),
  });
  expect(image.length).toBeGreaterThan(MIN_PICTURE_BYTES);
}

/** An empty page of this size is smaller than this. */
const MIN_PICTURE_BYTES = 8_000;

/** Whether an element has the keyboard. */
export async function isFocused(element: Locator): Promise<boolean> {
  return (await element.and(element.page().locator(":focus")).count()) > 0;
}

/** Elements that one passes on the way to another by Tab at most, before one would give up. */
const MAX_TABS = 60;

/** Goes to an element by Tab alone. */
export async function tabTo(page: Page, element: Locator): Promise<void> {
  await element.waitFor();
  for (let tabs = 0; tabs < MAX_TABS; tabs += 1) {
    if (await isFocused(element)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`no Tab of ${MAX_TABS} leads there`);
}
