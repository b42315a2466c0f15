import type { BrowserContext } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import type { ExperimentResults } from "../../../src/api/results.ts";
import { resultsOf } from "../../../src/stats/results.ts";
import { DAY_MS, experiment, NOW, stratum, tally } from "../../unit/stats/experiment.ts";
import { expectAccessible, openTab, picture } from "./look.ts";
import { startConsoleWorld, type ConsoleWorld } from "./support.ts";

const KEY = "shop.localhost";
const HOSTILE = "<img src=x onerror=alert(1)>\u202egnp.exe";

let world: ConsoleWorld;
let ada: BrowserContext;

beforeAll(async () => {
  world = await startConsoleWorld();
  const [a, b] = world.origins;
  await world.make(KEY, {
    strategy: "canary",
    stable: a.url,
    canary: b.url,
    percent: 50,
    goals: [{ name: "purchase", match: { path: "/done" } }],
    guard: { checks: [{ metric: "failures", max: 5 }], action: "alert" },
  });
  await world.make("plain.localhost", { origin: a.url });
  await world.visitors(KEY, 12);
  ada = await world.as("ada");
});
afterAll(async () => world?.close());

const EVEN = { stable: 50, canary: 50 };

/** What would be concluded of two weeks: nobody can wait for them here. */
const concluded = (stable: number, canary: number, others: Partial<ExperimentResults> = {}) => ({
  ...resultsOf(
    experiment([
      stratum({ stable: 90, canary: 10 }, { stable: tally(900, 90), canary: tally(100, 10) }),
      stratum(
        EVEN,
        {
          stable: tally(5000, stable, { failed: 12 }),
          canary: tally(5000, canary, { failed: 15, crossovers: 4 }),
        },
        { since: NOW - 7 * DAY_MS },
      ),
    ]),
  ),
  guard: null,
  ...others,
});

/** A tab whose results are these. */
async function tabWith(results: readonly object[], context: BrowserContext, status = 200) {
  await context.route("**/v1/routes/*/results", async (route) =>
    route.fulfill(
      status === 200
        ? { json: { route: KEY, experiments: results } }
        : {
            status,
            contentType: "application/problem+json",
            json: {
              type: "about:blank",
              title: "The hub does not answer just now",
              status,
              code: "unhealthy",
              detail: "the hub is away; ask again in a moment",
            },
          },
    ),
  );
  return openTab(context, `${world.url}/routes/${KEY}/results`);
}

describe("the results of a route", () => {
  test("are what the hub has counted, with the sentence first", async () => {
    const tab = await openTab(ada, `${world.url}/routes/${KEY}/results`);
    const card = tab.page.getByRole("region", { name: `Experiment ${KEY}` });
    await card.getByText("Too early", { exact: true }).waitFor();
    await card.getByText(/^too early: /).waitFor();
    await expect
      .poll(async () => card.locator(".results-facts").innerText())
      .toMatch(/Visitors\s+12 all/);
    await card.getByRole("heading", { name: "Guard" }).waitFor();
    tab.expectSound();
    await tab.page.close();
  });

  test("tell in one click, or by keyboard alone, whether an experiment is over", async () => {
    const context = await world.as("rey");
    const tab = await tabWith([concluded(500, 700)], context);
    await tab.page.goto(`${world.url}/routes/${KEY}/edit`);
    await tab.page.getByRole("link", { name: "Results" }).click();
    await tab.page.getByText("Safe to stop").waitFor();
    expect(await tab.clicks()).toBe(1);
    await tab.page.goto(`${world.url}/routes/${KEY}/edit`);
    const link = tab.page.getByRole("link", { name: "Results" });
    await link.waitFor();
    for (let at = 0; at < 12; at += 1) {
      await tab.page.keyboard.press("Tab");
      if ((await tab.page.locator(":focus").innerText()) === "Results") break;
    }
    await tab.page.keyboard.press("Enter");
    await tab.page.getByText("Safe to stop").waitFor();
    expect(await tab.clicks()).toBe(0);
    tab.expectSound();
    await context.close();
  });

  test("are drawn, and every drawing has its table", async () => {
    const context = await world.as("ada");
    const tab = await tabWith([concluded(500, 700)], context);
    const goal = tab.page.getByRole("region", { name: "purchase, shop", exact: true });
    const drawing = goal.getByRole("img", {
      name: /^Difference to stable in purchase\. canary better: \+/,
    });
    await drawing.waitFor();
    const row = goal.getByRole("row", { name: /^canary/ });
    expect(await row.innerText()).toMatch(/\+\d+\.\d points \(\d+\.\d to \d+\.\d\)/);
    const lane = await drawing.locator(".results-middle").boundingBox();
    const zero = await drawing.locator(".results-zero").first().boundingBox();
    expect(lane?.x).toBeGreaterThan(zero?.x ?? Infinity);
    const strata = tab.page.getByText(/Each of 2 allocations for itself/);
    await strata.click();
    await tab.page.getByRole("cell", { name: "90/10" }).waitFor();
    tab.expectSound();
    await tab.page.evaluate("scrollTo(0, 0)");
    await picture(tab.page, "results");
    await context.close();
  });

  test.each([
    [
      "that nobody should trust",
      concluded(500, 700, { standing: "untrusted" }),
      "Do not trust this",
    ],
    ["of six days", concluded(500, 700, { standing: "ahead" }), "Decided by its figures"],
    ["that is undecided", concluded(500, 505), "Not decided yet"],
  ])("say of one %s what to do", async (_, result, words) => {
    const context = await world.as("rey");
    const tab = await tabWith([result], context);
    await tab.page.getByText(words).waitFor();
    await tab.page.getByText(result.verdict).waitFor();
    expect(await tab.page.locator(".results-standing").count()).toBe(1);
    tab.expectSound();
    await context.close();
  });

  test.each([
    ["light", 1440],
    ["dark", 360],
    ["light", 360],
    ["dark", 1440],
  ] as const)("have no fault that axe finds: %s at %i px", async (colorScheme, width) => {
    const context = await world.as("ada", { colorScheme, viewport: { width, height: 900 } });
    const tab = await tabWith(
      [concluded(500, 700), concluded(500, 505, { experiment: "b" })],
      context,
    );
    await tab.page.getByText("Safe to stop").waitFor();
    await expectAccessible(tab.page);
    expect(await tab.page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(
      width,
    );
    tab.expectSound();
    await context.close();
  });

  test("take names that are markup, or turn around, for text", async () => {
    const context = await world.as("ada", { viewport: { width: 360, height: 900 } });
    const named = JSON.parse(
      JSON.stringify(concluded(500, 700)).replaceAll(
        '"canary"',
        JSON.stringify(HOSTILE + "x".repeat(200)),
      ),
    ) as object;
    const tab = await tabWith([{ ...named, experiment: HOSTILE, verdict: HOSTILE }], context);
    await tab.page.getByRole("heading", { name: HOSTILE }).waitFor();
    expect(await tab.page.locator("img[src='x']").count()).toBe(0);
    expect(await tab.page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(
      360,
    );
    tab.expectSound();
    await context.close();
  });

  test("say so where there are none, and where the hub does not answer", async () => {
    const tab = await openTab(ada, `${world.url}/routes/plain.localhost/results`);
    await tab.page.getByRole("heading", { name: "There is no experiment here" }).waitFor();
    tab.expectSound();
    await tab.page.close();
    const context = await world.as("ada");
    const ill = await tabWith([], context, 503);
    await ill.page.getByRole("alert").getByText("the hub is away").waitFor();
    expect(await ill.page.getByRole("alert").innerText()).toContain("ask again in a moment");
    await context.close();
  });

  test("come again every five seconds, one question at a time, and none in a hidden tab", async () => {
    const context = await world.as("ada");
    const tab = await tabWith([concluded(500, 700)], context);
    await tab.page.getByText("Safe to stop").waitFor();
    const before = tab.requests();
    await tab.page.waitForRequest("**/results");
    expect(tab.requests() - before).toBeLessThanOrEqual(2);
    await context.close();
  });
});
