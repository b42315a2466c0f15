import type { BrowserContext, Page, Route } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { checkedAs, textOf } from "./editing.ts";
import { expectAccessible, openTab } from "./look.ts";
import { startConsoleWorld, type ConsoleWorld } from "./support.ts";

/** Known so long ago (ms), something is told as stale. */
const STALE_MS = 15_000;

/** Until a page that was refused once asks again and has its answer (ms), on a busy machine. */
const AGAIN_MS = 30_000;

const KEY = "shop.localhost";

let world: ConsoleWorld;
let ada: BrowserContext;

beforeAll(async () => {
  world = await startConsoleWorld();
  const [a, b] = world.origins;
  await world.make(KEY, { strategy: "canary", stable: a.url, canary: b.url, percent: 50 });
  await world.make("plain.localhost", { origin: a.url });
  await world.fleet.put("found.localhost", { origin: a.url });
  await world.visitors(KEY, 12);
  ada = await world.as("ada");
});
afterAll(async () => world?.close());

/** The pages that keep asking: what each says of a route that has nothing for it, and what it shows of one that has. */
const PAGES = [
  { page: "", of: "plain.localhost", empty: "single", full: "Live now" },
  {
    page: "/change",
    of: "plain.localhost",
    empty: "There is nothing to turn here",
    full: "What happens",
  },
  {
    page: "/history",
    of: "found.localhost",
    empty: "Nothing was done here yet",
    full: "Compare two versions",
  },
  {
    page: "/results",
    of: "plain.localhost",
    empty: "There is no experiment here",
    full: "Split",
  },
  { page: "/edit", of: "new.localhost", empty: "not made yet", full: "Review and save…" },
] as const;

const addressOf = (key: string, page: string) => `${world.url}/routes/${key}${page}`;
const main = (page: Page) => page.getByRole("main");

/** What is asked of a route, however it is answered. */
const ASKED = "**/v1/routes/**";

const refuse = async (one: Route) =>
  one.fulfill({
    status: 500,
    contentType: "application/problem+json",
    json: {
      type: "about:blank",
      title: "The control plane failed",
      status: 500,
      code: "internal-error",
    },
  });

/** What has the focus: it is lost where that is the page itself. */
const focused = async (page: Page) =>
  page.evaluate<string>("document.activeElement?.textContent ?? ''");

describe("a page", () => {
  test.each(PAGES)(
    "with nothing to show says what would put something there: %o",
    async ({ page: path, of, empty }) => {
      const { page, ...tab } = await openTab(ada, addressOf(of, path));
      await main(page).getByText(empty).first().waitFor();
      expect(await main(page).getByRole("alert").count()).toBe(0);
      await expectAccessible(page);
      // That nobody has made it, or edited it, yet is what the browser logs an error for.
      if (of === "plain.localhost") tab.expectSound();
      await page.close();
    },
  );

  test.each(PAGES)(
    "shows an outline while it waits, why it has nothing, and all of it once it is answered: %o",
    async ({ page: path, full }) => {
      const page = await ada.newPage();
      const held: Route[] = [];
      let isHeld = true;
      await page.route(ASKED, async (one) => {
        if (isHeld) held.push(one);
        else await refuse(one);
      });
      await page.goto(addressOf(KEY, path));
      await main(page).locator("[aria-busy=true] .skeleton, .skeleton").first().waitFor();
      await page.getByText("as of –").waitFor();
      expect(await main(page).getByText(full).and(page.locator("main :not(h1)")).count()).toBe(0);
      await expectAccessible(page);
      await page.getByRole("link", { name: "History" }).focus();
      isHeld = false;
      await Promise.all(held.map(refuse));
      await main(page).getByRole("alert").getByText("The control plane failed").waitFor();
      await expectAccessible(page);
      expect(await focused(page)).toBe("History");
      await page.unrouteAll();
      // It asks again by itself: nobody has to load the page anew.
      await main(page).getByText(full).first().waitFor({ timeout: AGAIN_MS });
      expect(await main(page).getByRole("alert").count()).toBe(0);
      expect(await focused(page)).toBe("History");
      await page.close();
    },
  );

  test(
    "keeps what it knew where nothing is answered any more, and says since when",
    async () => {
      const tabs = await Promise.all(
        PAGES.map(async ({ page: path, full }) => {
          const { page } = await openTab(ada, addressOf(KEY, path));
          await main(page).getByText(full).first().waitFor();
          await page
            .getByText(/^as of \d/)
            .first()
            .waitFor();
          return { page, full };
        }),
      );
      for (const { page } of tabs) {
        await page.getByRole("link", { name: "History" }).focus();
        await page.route("**/v1/**", refuse);
      }
      for (const { page, full } of tabs) {
        await page.bringToFront();
        await page
          .getByText(/^No news since \d|no new figures just now/)
          .first()
          .waitFor({ timeout: STALE_MS });
        await page
          .getByText(/^as of .* · stale$/)
          .first()
          .waitFor({ timeout: 2 * STALE_MS });
        await main(page).getByText(full).first().waitFor();
        expect(await focused(page)).toBe("History");
        await expectAccessible(page);
      }
      // After a minute without an answer a page asks once a minute; at once, where somebody comes back to it.
      for (const { page } of tabs) {
        await page.unrouteAll();
        await page.evaluate("document.dispatchEvent(new Event('visibilitychange'))");
      }
      for (const { page } of tabs) {
        await page
          .getByText(/^as of [^·]*$/)
          .first()
          .waitFor({ timeout: 2 * AGAIN_MS });
        await expect
          .poll(async () => page.getByText(/^No news since/).count(), { timeout: AGAIN_MS })
          .toBe(0);
        await page.close();
      }
    },
    5 * AGAIN_MS,
  );
});

describe("the editor", () => {
  test("keeps what is written while nothing is answered, and says that it is not checked", async () => {
    const { page } = await openTab(ada, addressOf(KEY, "/edit"));
    await checkedAs(page, /(valid|warning)$/);
    await textOf(page).focus();
    await page.route("**/v1/**", refuse);
    await page.keyboard.press("Control+Home");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("End");
    await page.keyboard.type(" ");
    await checkedAs(page, /not checked$/);
    await page.getByText(/^No news since/).waitFor({ timeout: STALE_MS });
    expect(await page.getByRole("button", { name: "Review and save…" }).isDisabled()).toBe(true);
    expect(await page.evaluate("document.activeElement.className")).toBe("editor-code");
    await page.unrouteAll();
    await page.keyboard.press("Backspace");
    await page.keyboard.press("Enter");
    await checkedAs(page, /(valid|warning)$/);
    await page.close();
  });
});

describe("explain", () => {
  test("is idle, decides, is refused and answers, with the keyboard where it was", async () => {
    const { page } = await openTab(ada, `${world.url}/explain`);
    await page.getByRole("heading", { name: "Why did somebody get that variant?" }).waitFor();
    await page.getByLabel(/^Request/).fill(`https://${KEY}/`);
    const button = page.getByRole("button", { name: "Explain" });
    let answer: (() => Promise<void>) | undefined;
    await page.route("**/v1/explain", (one) => {
      answer = async () => refuse(one);
    });
    await button.press("Enter");
    await page.getByRole("status").getByText("Deciding…").waitFor();
    expect(await focused(page)).toBe("Explain");
    await expect.poll(() => answer).toBeDefined();
    await answer?.();
    await page.getByRole("alert").getByText("The control plane failed").waitFor();
    expect(await focused(page)).toBe("Explain");
    await expectAccessible(page);
    await page.unrouteAll();
    await button.press("Enter");
    await page.locator(".explain-result:focus").waitFor();
    expect(await page.getByRole("alert").count()).toBe(0);
    await page.close();
  });
});
