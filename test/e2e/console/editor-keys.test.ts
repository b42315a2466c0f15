import type { BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { checkedAs, guardedCanary, openEditor, textOf } from "./editing.ts";
import { tabTo } from "./keys.ts";
import { expectAccessible, isFocused, openTab } from "./look.ts";
import { startConsoleWorld, type ConsoleWorld } from "./support.ts";

let world: ConsoleWorld;
let ada: BrowserContext;

beforeAll(async () => {
  world = await startConsoleWorld();
  ada = await world.as("ada");
});
afterAll(async () => world?.close());

const policy = (percent: number, others: object = {}) => guardedCanary(world, percent, others);

const newest = async (key: string) =>
  (await world.api("GET", `routes/${key}`)) as Readonly<Record<string, unknown>>;

/** Somebody else's edit of the first version. */
const byAda = async (key: string, next: object) =>
  world.api("PUT", `routes/${key}`, { policy: next }, "ada", { "if-match": '"1"' });

/** Goes to the end of the line that has some text. */
async function toLine(page: Page, text: string): Promise<void> {
  const lines = (await textOf(page).innerText()).split("\n");
  const at = lines.findIndex((line) => line.includes(text));
  await page.keyboard.press("Control+Home");
  for (let line = 0; line < at; line += 1) await page.keyboard.press("ArrowDown");
  await page.keyboard.press("End");
}

describe("the editor, by keyboard alone", () => {
  test("is opened, written in, told an error of, mended, saved with a note, and left", async () => {
    const key = "life.localhost";
    await world.make(key, policy(5));
    const { page, ...tab } = await openTab(ada, `${world.url}/routes/${key}`);
    await page.getByRole("heading", { name: "Live now" }).waitFor();
    await tabTo(page, "Edit");
    await page.keyboard.press("Enter");
    await textOf(page).waitFor();
    await tabTo(page, /^Policy of life.localhost, JSON. Escape, then Tab, leaves the text.$/);
    await toLine(page, '"percent"');
    await page.keyboard.press("Backspace");
    await page.keyboard.press("Backspace");
    await page.keyboard.type("500,");
    await checkedAs(page, /1 error$/);
    expect(await page.locator(".editor-findings [role=status]").textContent()).toContain("1 error");

    // To the error from the text: it is selected, and said to who hears the page.
    await page.keyboard.press("Control+Home");
    await page.keyboard.press("F8");
    const said = page.locator(".cm-announced");
    await expect.poll(async () => said.textContent()).toMatch(/from 0 to 100/);
    expect(await said.getAttribute("aria-live")).toBe("polite");
    await expect.poll(async () => page.locator(".cm-activeLine").innerText()).toContain("500");
    await expectAccessible(page);

    // And from the list, which leads back into the text.
    await page.keyboard.press("Escape");
    await page.keyboard.press("Escape");
    await page.keyboard.press("Tab");
    expect(await isFocused(textOf(page))).toBe(false);
    await tabTo(page, /^.*error.*\$\.percent/);
    await page.keyboard.press("Enter");
    await expect.poll(async () => isFocused(textOf(page))).toBe(true);
    await page.keyboard.press("End");
    for (let typed = 0; typed < "500,".length; typed += 1) await page.keyboard.press("Backspace");
    await page.keyboard.type("25,");
    await checkedAs(page, /valid$/);

    await page.keyboard.press("Escape");
    await page.keyboard.press("Shift+Tab");
    await tabTo(page, "Review and save…");
    await page.keyboard.press("Enter");
    await page.getByText(/of 10,000 visitors move/).waitFor();
    await tabTo(page, /^Why/);
    await page.keyboard.type("by hand");
    await page.keyboard.press("Enter");
    await page.getByText("Version 2 is saved").waitFor();
    expect(await newest(key)).toMatchObject({
      version: 2,
      note: "by hand",
      policy: { percent: 25 },
    });
    expect(await page.evaluate("document.activeElement === document.body")).toBe(false);
    expect(await tab.clicks()).toBe(0);
    tab.expectSound();
    await page.close();
  });

  test("offers what may stand there as a list that is heard, and takes from it", async () => {
    const key = "offered.localhost";
    await world.make(key, policy(5));
    const { page, ...tab } = await openEditor(world, ada, key);
    await tabTo(page, /^Policy of offered/);
    await toLine(page, '"percent"');
    await page.keyboard.press("Enter");
    await page.keyboard.type('"resc');
    const list = page.getByRole("listbox");
    await list.waitFor();
    const chosen = list.getByRole("option", { selected: true });
    await chosen.filter({ hasText: "rescue" }).waitFor();
    // The text says which of the list is meant: that is what a screen reader reads.
    const named = await textOf(page).getAttribute("aria-activedescendant");
    expect(await chosen.getAttribute("id")).toBe(named);
    expect(await textOf(page).getAttribute("aria-autocomplete")).toBe("list");
    // Escape closes the list and nothing else; the next one arms Tab.
    await page.keyboard.press("Escape");
    await list.waitFor({ state: "detached" });
    expect(await isFocused(textOf(page))).toBe(true);
    await page.keyboard.press("Control+Space");
    await chosen.filter({ hasText: "rescue" }).waitFor();
    // A list that has just come takes no key for 75 ms, so that nobody takes from it by mistake.
    await page.waitForTimeout(100);
    await page.keyboard.press("Enter");
    await expect.poll(async () => textOf(page).innerText()).toMatch(/"rescue": /);
    expect(await tab.clicks()).toBe(0);
    tab.expectSound();
    await page.close();
  });

  test("holds no key captive: Escape, then Tab or Shift and Tab, goes on and back", async () => {
    const key = "free.localhost";
    await world.make(key, policy(5));
    const { page } = await openEditor(world, ada, key);
    await tabTo(page, /^Policy of free/);
    const before = await textOf(page).innerText();
    await page.keyboard.press("Escape");
    await page.keyboard.press("Shift+Tab");
    expect(await isFocused(textOf(page))).toBe(false);
    await page.keyboard.press("Tab");
    expect(await isFocused(textOf(page))).toBe(true);
    await page.keyboard.press("Escape");
    await page.keyboard.press("Tab");
    expect(await isFocused(textOf(page))).toBe(false);
    expect(await textOf(page).innerText()).toBe(before);
    // Where nothing was escaped from, Tab indents.
    await page.keyboard.press("Shift+Tab");
    await page.keyboard.press("Control+Home");
    await page.keyboard.press("Tab");
    expect(await isFocused(textOf(page))).toBe(true);
    expect(await textOf(page).innerText()).toBe(`  ${before}`);
    await page.close();
  });

  test("brings both edits together, place by place", async () => {
    const key = "three.localhost";
    await world.make(key, policy(5));
    const { page, ...tab } = await openEditor(world, ada, key);
    await tabTo(page, /^Policy of three/);
    await toLine(page, '"percent"');
    await page.keyboard.press("Backspace");
    await page.keyboard.press("Backspace");
    await page.keyboard.type("20,");
    await checkedAs(page, /valid$/);
    await byAda(key, policy(10, { rescue: false }));
    await page.keyboard.press("Escape");
    await page.keyboard.press("Shift+Tab");
    await tabTo(page, "Review and save…");
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Save as version 2", disabled: false }).waitFor();
    await tabTo(page, "Save as version 2");
    await page.keyboard.press("Enter");
    const title = page.getByRole("heading", { name: "ada was quicker: version 2" });
    await title.waitFor();
    expect(await isFocused(title)).toBe(true);
    await page.getByText("One place is yours to decide.").waitFor();
    await expectAccessible(page);
    // Back to the text and in again: nothing is lost by looking.
    await tabTo(page, "Back to the text");
    await page.keyboard.press("Enter");
    await expect.poll(async () => isFocused(textOf(page))).toBe(true);
    await page.keyboard.press("Escape");
    await page.keyboard.press("Shift+Tab");
    await page.getByRole("button", { name: "Bring both together…" }).waitFor();
    await tabBackTo(page, "Bring both together…");
    await page.keyboard.press("Enter");
    await title.waitFor();
    await tabTo(page, /^Take theirs for \$\.percent: 10/);
    await page.keyboard.press("ArrowRight");
    await page.getByText("Nothing is left to decide.").waitFor();
    await tabTo(page, "Go on with this");
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Save as version 3", disabled: false }).waitFor();
    await tabTo(page, "Save as version 3");
    await page.keyboard.press("Enter");
    await page.getByText("Version 3 is saved").waitFor();
    expect(await newest(key)).toMatchObject({
      version: 3,
      policy: policy(20, { rescue: false }),
    });
    expect(await tab.clicks()).toBe(0);
    await page.close();
  });
});

/** Goes back by Shift and Tab to a button. */
async function tabBackTo(page: Page, name: string): Promise<void> {
  const wanted = page.getByRole("button", { name });
  for (let pressed = 0; pressed < 40; pressed += 1) {
    if (await isFocused(wanted)) return;
    await page.keyboard.press("Shift+Tab");
  }
  throw new Error(`no Tab leads back to ${name}`);
}
