import type { BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";

import type { StatusPage } from "../../../src/api/client/reads.ts";
import { expectAccessible, isFocused, openTab } from "./look.ts";
import { startConsoleWorld, type ConsoleWorld } from "./support.ts";

let world: ConsoleWorld;
beforeAll(async () => {
  world = await startConsoleWorld();
  await world.make("shop.localhost", { strategy: "single", origin: world.origins[0].url });
});
afterAll(async () => world?.close());

const rows = (page: Page) => page.locator("tbody tr[data-row]");

/** Holds back what is asked for at an address until it is let go. */
async function hold(context: BrowserContext, address: string): Promise<() => void> {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  await context.route(address, async (route) => {
    await promise;
    await route.fallback();
  });
  return () => resolve(undefined);
}

test("until the first routes are known there is an outline in their place, and nothing moves when they come", async () => {
  const context = await world.as("rey");
  const letGo = await hold(context, "**/v1/status?*");
  const { page, expectSound } = await openTab(context, `${world.url}/`);
  const outline = page.locator("[aria-busy=true]");
  await outline.waitFor();
  expect(await page.getByRole("button", { name: /^All/ }).textContent()).toBe("All –");
  expect(await page.getByText("as of –").count()).toBe(1);
  await expectAccessible(page);
  const before = await outline.locator(".routes-outline").boundingBox();
  letGo();
  await rows(page).first().waitFor();
  expect(await outline.count()).toBe(0);
  const after = await page.locator(".routes-box").boundingBox();
  expect([after?.x, after?.y, after?.width]).toEqual([before?.x, before?.y, before?.width]);
  expectSound();
  await context.close();
});

/** Older than this is stale (ms), in the page's own time; and longer than any pause between two questions. */
const STALE_MS = 20_000;
const LONG_MS = 90_000;

test("without a connection the page keeps what it knew, says since when, and recovers by itself", async () => {
  const context = await world.as("rey");
  const page = await context.newPage();
  await page.clock.install();
  await page.goto(`${world.url}/`);
  await rows(page).first().waitFor();
  expect(await page.locator("[data-stale=true]").count()).toBe(0);
  await context.setOffline(true);
  await page.clock.runFor(STALE_MS);
  await page.getByRole("status").filter({ hasText: "No news since" }).waitFor();
  await page.getByText(/^as of .+ · stale$/).waitFor();
  expect(await rows(page).count()).toBe(1);
  await expectAccessible(page);
  await context.setOffline(false);
  await page.clock.runFor(LONG_MS);
  await expect.poll(async () => page.getByText("No news since").count()).toBe(0);
  await expect.poll(async () => page.locator("[data-stale=true]").count()).toBe(0);
  await context.close();
});

test("a refusal is told in the API's words, with what to do, and is over once it answers", async () => {
  const context = await world.as("rey");
  const page = await context.newPage();
  await page.clock.install();
  const refused = "**/v1/status?*";
  await page.route(refused, async (route) =>
    route.fulfill({
      status: 503,
      contentType: "application/problem+json",
      json: {
        type: "about:blank",
        title: "The hub does not answer",
        status: 503,
        code: "hub-unavailable",
      },
    }),
  );
  await page.goto(`${world.url}/`);
  const alert = page.getByRole("alert");
  await alert.waitFor();
  expect(await alert.locator("strong").textContent()).toContain("The hub does not answer");
  expect((await alert.locator("p").textContent())?.length).toBeGreaterThan(0);
  await expectAccessible(page);
  await page.unroute(refused);
  await page.clock.runFor(LONG_MS);
  await rows(page).first().waitFor();
  expect(await alert.count()).toBe(0);
  await context.close();
});

test("where parts of the hub are silent, the page says that routes are missing, also of an empty list", async () => {
  const context = await world.as("rey");
  const page = await context.newPage();
  await page.route("**/v1/status?*", async (route) => {
    const answer = (await (await route.fetch()).json()) as StatusPage;
    await route.fulfill({ json: { ...answer, routes: [], unreachable: [3, 7] } });
  });
  await page.goto(`${world.url}/`);
  await page.getByText("Routes are missing: 2 parts of the hub are silent").waitFor();
  expect(await page.getByRole("heading", { name: "There is no route yet" }).count()).toBe(0);
  await expectAccessible(page);
  await context.close();
});

const signInPage = async (address = `${world.url}/sign-in`) => {
  const context = await world.browser.newContext();
  const { page } = await openTab(context, address);
  const button = page.getByRole("button", { name: "Sign in" });
  return { context, page, button, token: page.getByLabel("Token"), alert: page.getByRole("alert") };
};

test("the sign-in page waits for a token, sends it once, and says why it was not good", async () => {
  const { context, page, button, token, alert } = await signInPage();
  await expect.poll(async () => isFocused(token)).toBe(true);
  expect(await alert.count()).toBe(0);
  let sent = 0;
  page.on("request", (request) => {
    if (request.method() === "POST") sent += 1;
  });
  // Without a token there is nothing to send: the browser asks for one.
  await page.keyboard.press("Enter");
  expect(await isFocused(token)).toBe(true);
  expect(sent).toBe(0);

  const letGo = await hold(context, "**/session");
  await page.keyboard.type("nobody's");
  await page.keyboard.press("Enter");
  await expect.poll(async () => button.isDisabled()).toBe(true);
  await page.keyboard.press("Enter");
  letGo();
  await alert.waitFor();
  expect(sent).toBe(1);
  expect(await button.isDisabled()).toBe(false);
  expect(await isFocused(token)).toBe(true);
  expect((await alert.textContent())?.length).toBeGreaterThan(0);
  await expectAccessible(page);

  await context.setOffline(true);
  await page.keyboard.press("Enter");
  await alert.getByText("The control plane did not answer. Try again.").waitFor();
  await context.close();
});

test("where there is no SESSION_KEY, the sign-in page says so at once", async () => {
  const other = await startConsoleWorld({ signsIn: false });
  try {
    const { page, context, alert } = await signInPage(`${other.url}/sign-in`);
    await expect.poll(async () => alert.textContent()).toContain("has no SESSION_KEY");
    await expectAccessible(page);
    await context.close();
  } finally {
    await other.close();
  }
});
