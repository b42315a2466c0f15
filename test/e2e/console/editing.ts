import type { BrowserContext, Page } from "playwright-core";

import { openTab } from "./look.ts";
import { canaryOf, type ConsoleWorld } from "./support.ts";

/** The editor itself. */
export const textOf = (page: Page) => page.getByRole("textbox", { name: /^Policy of/ });
/** A button of the page. */
export const button = (page: Page, name: string | RegExp) => page.getByRole("button", { name });

/** Waits for what the page says of the text as a whole. */
export const checkedAs = async (page: Page, words: RegExp) =>
  page.locator(".editor-findings").getByRole("status").filter({ hasText: words }).waitFor();

/** Opens the editor of a route, and waits for its text. */
export async function openEditor(world: ConsoleWorld, context: BrowserContext, key: string) {
  const tab = await openTab(context, `${world.url}/routes/${encodeURIComponent(key)}/edit`);
  await textOf(tab.page).waitFor();
  return tab;
}

/** Puts another text in place of the whole, by pasting it. */
export async function write(page: Page, text: string): Promise<void> {
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

/** A text as people write it. */
export const json = (value: unknown): string => JSON.stringify(value, null, 2);

/** A canary of the world's two origins, with a guard. */
export const guardedCanary = (world: ConsoleWorld, percent: number, others: object) =>
  canaryOf(world, {
    percent,
    guard: { checks: [{ metric: "failures", maxIncrease: 1 }] },
    ...others,
  });
