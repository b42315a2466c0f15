import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { tabTo } from "./keys.ts";
import { expectAccessible, openTab, type Tab } from "./look.ts";
import { canaryOf, startConsoleWorld, type ConsoleWorld, type Person } from "./support.ts";

let world: ConsoleWorld;

beforeAll(async () => {
  world = await startConsoleWorld();
});
afterAll(async () => world?.close());

const canary = (more?: object) => canaryOf(world, more);

const newest = async (key: string) => world.api("GET", `routes/${key}`);

const open = async (key: string, page: string, person: Person = "olu") =>
  openTab(await world.as(person), `${world.url}/routes/${key}${page}`);

const closed = async (tab: Tab) => {
  tab.expectSound();
  await tab.page.context().close();
};

/** Does what a lever of the page says, and waits until it is done. */
async function act(page: Page, name: string, done: RegExp): Promise<void> {
  await page.getByRole("button", { name, exact: true }).click();
  await page.getByRole("heading", { name: done }).waitFor();
}

/** What stands above every page of a route that was changed here. */
const bar = (page: Page) => page.locator(".undo");

describe("whose token may operate", () => {
  test("undoes an abort by the action that gives back just what was there, by keyboard", async () => {
    const key = "abort.localhost";
    await world.make(key, canary());
    const tab = await open(key, "/change?do=abort");
    const { page } = tab;
    await act(page, "Abort", /^Done: abort, version 2/);
    await bar(page).getByText("by “Percent”").waitFor();
    await expectAccessible(page);
    const clicks = await tab.clicks();
    await page.keyboard.press("Shift+Tab");
    await tabTo(page, "Undo");
    await page.keyboard.press("Enter");
    await page.getByText(/Undone: version 3/).waitFor();
    expect(await page.locator(".undo:focus").count()).toBe(1);
    expect(await newest(key)).toMatchObject({
      version: 3,
      author: "olu",
      action: "promote",
      note: "undo of version 2",
      policy: canary(),
    });
    expect(await tab.clicks()).toBe(clicks);
    await closed(tab);
  });

  test("undoes weights from the overview too", async () => {
    const key = "weights.localhost";
    const [a, b] = world.origins;
    const policy = {
      strategy: "weighted",
      variants: [
        { name: "a", origin: a.url, weight: 70 },
        { name: "b", origin: b.url, weight: 30 },
      ],
    };
    await world.make(key, policy);
    const tab = await open(key, "/change");
    const { page } = tab;
    await page.getByLabel("a", { exact: false }).and(page.locator("input[type=number]")).fill("50");
    await page.getByText(/visitors move/).waitFor();
    await act(page, "Set weights", /^Done: weights, version 2/);
    await page.getByRole("link", { name: "Overview" }).click();
    await bar(page).getByRole("button", { name: "Undo" }).click();
    await page.getByText(/Undone: version 3/).waitFor();
    expect(await newest(key)).toMatchObject({ version: 3, action: "weights", policy });
    await closed(tab);
  });

  test("is told so on whatever page is open when the undo is done", async () => {
    const key = "left.localhost";
    await world.make(key, canary());
    const tab = await open(key, "/change?do=abort");
    const { page } = tab;
    await act(page, "Abort", /^Done: abort, version 2/);
    const asked = Promise.withResolvers<() => Promise<void>>();
    await page.route("**/actions/promote", (one) => asked.resolve(async () => one.continue()));
    await bar(page).getByRole("button", { name: "Undo" }).click();
    const goOn = await asked.promise;
    await page.getByRole("link", { name: "Overview" }).click();
    await page.getByRole("row", { name: /stable/ }).waitFor();
    await goOn();
    await page.getByText(/Undone: version 3/).waitFor();
    expect(await newest(key)).toMatchObject({ version: 3, policy: { percent: 20 } });
    await closed(tab);
  });

  test("is told why not, where no action brings back what was there", async () => {
    const key = "raise.localhost";
    await world.make(key, canary());
    const tab = await open(key, "/change");
    const { page } = tab;
    await page.getByLabel(/^Percent of visitors/).fill("40");
    await page.getByText(/visitors move/).waitFor();
    await act(page, "Set 40 %", /^Done: promote, version 2/);
    await bar(page).getByText("takes a token that may write").waitFor();
    expect(await bar(page).getByRole("button").count()).toBe(0);
    await expectAccessible(page);
    await closed(tab);
  });
});

test("what somebody did after that is not undone with it, and is named", async () => {
  const key = "after.localhost";
  await world.make(key, canary());
  const tab = await open(key, "/change?do=abort", "ada");
  const { page } = tab;
  await act(page, "Abort", /^Done: abort, version 2/);
  await bar(page).getByRole("button", { name: "Undo" }).waitFor();
  await world.api("POST", `routes/${key}/actions/promote`, { to: 5 }, "olu", { "if-match": '"2"' });
  await bar(page)
    .getByText(/olu did promote.*version 3/s)
    .waitFor();
  expect(await bar(page).getByRole("button", { name: "Undo" }).count()).toBe(0);
  await bar(page).getByRole("button", { name: "Good" }).click();
  await bar(page).waitFor({ state: "detached" });
  await closed(tab);
});

test("an undo that is held back says why, and goes over it when that is meant", async () => {
  const key = "drift.localhost";
  await world.make(key, canary());
  const { page } = await open(key, "/change?do=abort", "ada");
  await act(page, "Abort", /^Done: abort, version 2/);
  await world.fleet.put(key, { origin: world.origins[0].url });
  await bar(page).getByRole("button", { name: "Undo" }).click();
  await bar(page).getByRole("alert").getByText("would be gone").waitFor();
  expect(await newest(key)).toMatchObject({ version: 2 });
  await bar(page).getByRole("button", { name: "Replace what KV has" }).click();
  await page.getByText(/Undone: version 3/).waitFor();
  expect(await newest(key)).toMatchObject({ version: 3, policy: canary() });
  await page.context().close();
});
