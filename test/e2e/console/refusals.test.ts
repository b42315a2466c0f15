import type { Page, Route } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { PROBLEMS, type ProblemCode } from "../../../src/api/problems.ts";
import { button, checkedAs, json, openEditor, write } from "./editing.ts";
import { tabTo } from "./keys.ts";
import { expectAccessible, openTab } from "./look.ts";
import { canaryOf, startConsoleWorld, type ConsoleWorld } from "./support.ts";

/** Until a guard has made up its mind, on a busy machine (ms). */
const ACTS_MS = 60_000;

let world: ConsoleWorld;

beforeAll(async () => {
  world = await startConsoleWorld();
});
afterAll(async () => world?.close());

const canary = (percent: number, more?: object) =>
  canaryOf(world, { percent, rescue: false, ...more });

const GUARDED = { guard: { checks: [{ metric: "failures", maxIncrease: 1 }] } };

interface Entry {
  readonly version: number;
  readonly author: string;
  readonly actor: string;
  readonly action: string;
  readonly note: string;
  readonly detail: string;
}

const newest = async (key: string) =>
  (await world.api("GET", `routes/${key}`)) as Entry & {
    readonly policy: Record<string, unknown>;
  };

/** What the history says of the last thing that was done. */
async function lastDone(key: string): Promise<Entry | undefined> {
  const log = (await world.api("GET", `routes/${key}/audit`)) as { entries: readonly Entry[] };
  return log.entries[0];
}

/** Sends visitors to a canary that fails until its guard has taken them back. */
async function letGuardAct(key: string): Promise<void> {
  world.origins[1].answer(500);
  const until = performance.now() + ACTS_MS;
  while ((await newest(key)).version === 1) {
    if (performance.now() > until) throw new Error("the guard never acted");
    await world.visitors(key, 20);
  }
  world.origins[1].answer(200);
}

/** Lets a page hear nothing more of a route, as one that was left for the night; what is given back ends that. */
async function sleepThrough(page: Page, key: string): Promise<() => Promise<void>> {
  const address = `**/v1/routes/${key}`;
  const hold = async (one: Route) =>
    one.request().method() === "GET" ? one.fulfill({ status: 304 }) : one.continue();
  await page.route(address, hold);
  return async () => page.unroute(address, hold);
}

const open = async (key: string, page = "", person: "ada" | "olu" = "ada") =>
  openTab(await world.as(person), `${world.url}/routes/${key}${page}`);

/** What the page says of being behind, and goes on from. */
const behind = (page: Page) => page.getByRole("alert").filter({ hasText: "newest is 2" });

describe("a guard took the canary back", () => {
  test(
    "and a stale page raises it: it is told what the guard found, and goes on by keyboard",
    async () => {
      const key = "raise.localhost";
      await world.make(key, canary(50, GUARDED));
      const tab = await open(key, "/change");
      const { page } = tab;
      await page.getByLabel(/^Percent of visitors/).fill("60");
      await page.getByRole("button", { name: "Set 60 %", disabled: false }).waitFor();
      const wake = await sleepThrough(page, key);
      await letGuardAct(key);
      await tabTo(page, "Set 60 %");
      await page.keyboard.press("Enter");
      await behind(page).waitFor();
      expect(await behind(page).textContent()).toMatch(
        /shows version 1.*guard did abort.*(ago|now): version 2.*Nothing of yours was done.*percent 50 → 0/s,
      );
      expect(await page.locator("h2:focus").textContent()).toBe("What happens");
      await expectAccessible(page);
      await wake();
      await tabTo(page, "Look again and go on");
      await page.keyboard.press("Enter");
      const taken = page.locator(".notice").filter({ hasText: "Something was taken back" });
      await taken.waitFor();
      expect(await taken.textContent()).toMatch(/guard did abort.*version 2.*points more/s);
      await page.getByText(/What you do overrules it/).waitFor();
      expect((await newest(key)).version).toBe(2);
      await expectAccessible(page);
      await tabTo(page, "Set 60 %");
      await page.getByRole("button", { name: "Set 60 %", disabled: false }).waitFor();
      await page.keyboard.press("Enter");
      await page.getByRole("heading", { name: /^Done: promote, version 3/ }).waitFor();
      expect(await lastDone(key)).toMatchObject({ actor: "ada", action: "promote", version: 3 });
      expect(await tab.clicks()).toBe(0);
      await page.context().close();
    },
    2 * ACTS_MS,
  );

  test(
    "and the editor puts it again: held back with who, when and what, overridden in a second step",
    async () => {
      const key = "put.localhost";
      await world.make(key, canary(50, GUARDED));
      const { page, ...tab } = await openEditor(world, await world.as("ada"), key);
      const wake = await sleepThrough(page, key);
      await letGuardAct(key);
      await write(page, json(canary(60, GUARDED)));
      await checkedAs(page, /valid$/);
      await page.keyboard.press("Escape");
      await page.keyboard.press("Shift+Tab");
      await tabTo(page, "Review and save…");
      await page.keyboard.press("Enter");
      const hurdle = page.getByRole("alert").filter({ hasText: "A guard took back" });
      await hurdle.waitFor();
      expect(await hurdle.textContent()).toMatch(
        /guard did abort.*(ago|now): version 2.*from canary.*had found: .*points more, the limit is 1; that.*anybody looks.*watches on from zero/s,
      );
      // Advice for other programs is of no use here.
      expect(await hurdle.textContent()).not.toMatch(/"override"|--override/);
      await expectAccessible(page);
      expect(await button(page, "Save as version 2").isDisabled()).toBe(true);
      await tabTo(page, "Override the guard");
      await page.keyboard.press("Enter");
      await page.getByText(/of 10,000 visitors move/).waitFor();
      await page.getByRole("dialog").locator("h2:focus").waitFor();
      await wake();
      await tabTo(page, "Save as version 2");
      await page.keyboard.press("Enter");
      // What it was made from is behind: both edits are brought together, and then it is held back again.
      await page.getByRole("heading", { name: "guard was quicker: version 2" }).waitFor();
      await tabTo(page, /^Take theirs for \$\.percent/);
      await page.keyboard.press("ArrowRight");
      await tabTo(page, "Go on with this");
      await page.keyboard.press("Enter");
      await button(page, "Override the guard").waitFor();
      await tabTo(page, "Override the guard");
      await page.keyboard.press("Enter");
      await page.getByRole("button", { name: "Save as version 3", disabled: false }).waitFor();
      await tabTo(page, "Save as version 3");
      await page.keyboard.press("Enter");
      await page.getByText("Version 3 is saved").waitFor();
      expect(await newest(key)).toMatchObject({ version: 3, policy: { percent: 60 } });
      expect(await lastDone(key)).toMatchObject({
        actor: "ada",
        action: "put",
        detail: "override",
      });
      expect(await tab.clicks()).toBe(0);
      await page.context().close();
    },
    2 * ACTS_MS,
  );
});

describe("somebody aborted", () => {
  const abort = async (key: string) =>
    world.api("POST", `routes/${key}/actions/abort`, { note: "it burns" }, "olu", {
      "if-match": '"1"',
    });

  test("and a stale page raises it: stopped, told who and why, and done once that is seen", async () => {
    const key = "aborted.localhost";
    await world.make(key, canary(20));
    const tab = await open(key, "/change");
    const { page } = tab;
    await page.getByLabel(/^Percent of visitors/).fill("25");
    await page.getByRole("button", { name: "Set 25 %", disabled: false }).waitFor();
    const wake = await sleepThrough(page, key);
    await abort(key);
    await page.getByRole("button", { name: "Set 25 %" }).click();
    await behind(page).waitFor();
    expect(await behind(page).textContent()).toMatch(/olu did abort.*percent 20 → 0/s);
    await wake();
    await page.getByRole("button", { name: "Look again and go on" }).click();
    const taken = page.locator(".notice").filter({ hasText: "Something was taken back" });
    await taken.filter({ hasText: /olu did abort.*version 2.*it burns/s }).waitFor();
    expect(await newest(key)).toMatchObject({ version: 2 });
    await page.getByRole("button", { name: "Set 25 %", disabled: false }).click();
    await page.getByRole("heading", { name: /^Done: promote, version 3/ }).waitFor();
    await page.getByRole("button", { name: "Change something else" }).click();
    await page.getByLabel(/^Percent of visitors/).fill("30");
    await page.getByText(/visitors move/).waitFor();
    // Who took back has been answered by then.
    expect(await taken.count()).toBe(0);
    await page.context().close();
  });

  test("and the editor or the history brings it back: both say so first", async () => {
    const key = "back.localhost";
    await world.make(key, canary(20));
    await abort(key);
    const { page } = await openEditor(world, await world.as("ada"), key);
    await write(page, json(canary(25)));
    await checkedAs(page, /(valid|warning)$/);
    await button(page, "Review and save…").click();
    const told = page.getByRole("dialog").getByText("olu did abort");
    await told.waitFor();
    await button(page, "Cancel").click();
    await page.goto(`${world.url}/routes/${key}/history`);
    await page.getByRole("button", { name: "Roll back to version 1" }).click();
    await told.waitFor();
    expect(await newest(key)).toMatchObject({ version: 2 });
    await page.context().close();
  });
});

/** What the page says of each problem, and what leads on. */
const WORDS: readonly (readonly [code: ProblemCode, says: RegExp, way: string | undefined])[] = [
  ["guard-acted", /guard took back.*watches on from zero/s, "Override the guard"],
  ["taken-back", /olu did abort.*Ask them first/s, "Bring it back all the same"],
  ["drift", /would be gone.*can adopt it/s, "Replace what KV has"],
  ["gateway-too-old", /does not know all of this.*answer 503/s, "Go ahead all the same"],
  ["reshuffle", /another variant than before/, "Draw them anew all the same"],
  ["route-not-found", /no such route.*history brings back/s, "See the history"],
  ["version-not-found", /no such version.*history/s, "See the history"],
  ["policy-refused", /policy is not valid.*mend this/s, undefined],
  ["action-refused", /does not fit.*mend this/s, undefined],
  ["body-invalid", /mend this/, undefined],
  ["body-too-large", /too large/, undefined],
  ["no-drift", /ended it already/, undefined],
  ["forbidden", /not yours.*Ask whoever runs this/s, undefined],
  ["too-many-requests", /Nothing was done. Wait a minute/, undefined],
  ["internal-error", /may have been done all the same/, "See the history"],
  ["ledger-full", /ledger of this route is full.*by hand/s, undefined],
  ["header-invalid", /Load the page again/, undefined],
];

describe("a page says what became of a change, and what to do, where the API answers", () => {
  const key = "words.localhost";
  let page: Page;

  beforeAll(async () => {
    await world.make(key, canary(20));
    ({ page } = await open(key, "/change?do=abort"));
    await page.getByText(/visitors move/).waitFor();
  });
  afterAll(async () => page.context().close());

  test.each(WORDS)("%s", async (code, says, way) => {
    const { status, title } = PROBLEMS[code];
    const detail = /refused|invalid|large/.test(code) ? `${title}; mend this` : undefined;
    // Only the answer is made up: what the page asks goes nowhere.
    await page.route("**/actions/abort", async (one) =>
      one.fulfill({
        status,
        contentType: "application/problem+json",
        json: { type: "about:blank", title, status, code, detail, ...TOLD[code] },
      }),
    );
    await page.getByRole("button", { name: "Abort" }).press("Enter");
    const alert = page.getByRole("main").getByRole("alert");
    await alert.filter({ hasText: says }).waitFor();
    expect(await page.evaluate("document.activeElement === document.body")).toBe(false);
    const ways = await alert.locator("button, a").allTextContents();
    expect(ways).toEqual(way === undefined ? [] : [way]);
    expect((await newest(key)).version).toBe(1);
    await page.unrouteAll();
  });
});

const BY_OLU = { author: "olu", action: "abort", at: "2026-05-01T12:00:00.000Z", current: 2 };

/** What some problems tell beside their code. */
const TOLD: Partial<Record<ProblemCode, object>> = {
  "taken-back": BY_OLU,
  "guard-acted": { ...BY_OLU, author: "guard", variant: "canary", evidence: "9 of 10 failed; so." },
};
