import type { Page } from "playwright-core";

/** Presses of Tab after which what is looked for is not to be reached by keyboard: more than any of our pages has. */
const MAX_TABS = 80;

/** What has the focus, as somebody who hears the page is told, the editor's shadow root looked into; in the page's own language. */
const FOCUSED = `
(() => {
  let at = document.activeElement;
  while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
  return (at?.getAttribute("aria-label") ?? at?.labels?.[0]?.textContent ?? at?.textContent ?? "").trim();
})()`;

/** Goes on with Tab to what is called so; throws where no Tab leads there. */
export async function tabTo(page: Page, name: string | RegExp): Promise<void> {
  for (let pressed = 0; pressed < MAX_TABS; pressed += 1) {
    const now = await page.evaluate<string>(FOCUSED);
    if (typeof name === "string" ? now === name : name.test(now)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`no Tab leads to ${String(name)}`);
}
