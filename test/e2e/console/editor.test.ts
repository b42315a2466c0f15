import type { BrowserContext } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { button, checkedAs, guardedCanary, json, openEditor, textOf, write } from "./editing.ts";
import { picture } from "./look.ts";
import { startConsoleWorld, type ConsoleWorld } from "./support.ts";

let world: ConsoleWorld;
let ada: BrowserContext;

const policy = (percent: number, others: object = {}) => guardedCanary(world, percent, others);

beforeAll(async () => {
  world = await startConsoleWorld();
  ada = await world.as("ada");
});
afterAll(async () => world?.close());

const open = async (key: string, context = ada) => openEditor(world, context, key);
const newest = async (key: string) => {
  const route = (await world.api("GET", `routes/${key}`)) as Record<string, unknown>;
  return route;
};

describe("the editor", () => {
  test("saves a version with a note, after it has said who moves", async () => {
    await world.make("save.localhost", policy(5));
    const { page, ...tab } = await open("save.localhost");
    await write(page, json(policy(25)));
    await checkedAs(page, /valid$/);
    await button(page, "Review and save…").click();
    await page.getByText(/of 10,000 visitors move/).waitFor();
    await page.getByText("stable → canary").first().waitFor();
    await page.getByLabel("Why (kept in the history)").fill("more of it");
    await picture(page, "editor");
    await button(page, "Save as version 2").click();
    await page.getByText("Version 2 is saved").waitFor();
    expect(await tab.clicks()).toBe(2);
    expect(await newest("save.localhost")).toMatchObject({
      version: 2,
      note: "more of it",
      author: "ada",
      policy: policy(25),
    });
    tab.expectSound();
    await page.close();
  });

  test("says what sy validate says, at its place in the text", async () => {
    await world.make("wrong.localhost", policy(5));
    const { page, ...tab } = await open("wrong.localhost");
    const wrong = policy(5, { retry: { attemps: 2 }, rescue: "no" });
    await write(page, json(wrong));
    const told = (await world.api("POST", "validate", { policy: wrong })) as {
      issues: { path: string; message: string; fix: string }[];
    };
    expect(told.issues.length).toBeGreaterThan(1);
    for (const { path, message, fix } of told.issues) {
      const finding = page.getByRole("button", { name: path }).filter({ hasText: message });
      await finding.filter({ hasText: fix }).first().waitFor();
    }
    await expect
      .poll(async () => (await page.locator(".cm-lintRange-error").allInnerTexts()).join(""))
      .toContain('"attemps": 2');
    expect(await button(page, "Review and save…").isDisabled()).toBe(true);
    await button(page, /\$\.retry\.attemps/).click();
    await expect
      .poll(async () => page.locator(".cm-activeLine").innerText())
      .toContain('"attemps"');
    await write(page, '{ "strategy": ');
    await page.getByText(/the policy is not JSON: /).waitFor();
    tab.expectSound();
    await page.close();
  });

  test("warns of what is valid and doubtful", async () => {
    await world.make("doubt.localhost", policy(5));
    const { page } = await open("doubt.localhost");
    const doubtful = policy(5, {
      rules: [{ match: { country: "AT" }, variant: "canary", pin: true }],
    });
    await write(page, json(doubtful));
    await page.getByText("1 warning").waitFor();
    expect(await button(page, "Review and save…").isEnabled()).toBe(true);
    await page.close();
  });

  test("offers what the schema has, by keyboard", async () => {
    await world.make("offer.localhost", policy(5));
    const { page, ...tab } = await open("offer.localhost");
    await write(page, '{"strategy": "canary", }');
    await page.keyboard.press("ArrowLeft");
    await page.keyboard.press("Control+Space");
    const options = page.getByRole("option");
    await options.filter({ hasText: "stable" }).waitFor();
    expect(await options.filter({ hasText: "variants" }).count()).toBe(0);
    await page.keyboard.type("perc");
    await options.filter({ hasText: "percent" }).waitFor();
    // A list that has just come takes no key for 75 ms, so that nobody takes from it by mistake.
    await page.waitForTimeout(100);
    await page.keyboard.press("Enter");
    await expect.poll(async () => textOf(page).innerText()).toContain('"percent": ');
    tab.expectSound();
    await page.close();
  });

  test("brings both edits together where somebody was quicker", async () => {
    const key = "quick.localhost";
    await world.make(key, policy(5));
    const { page } = await open(key);
    await write(page, json(policy(20, { timeoutMs: 1000 })));
    const theirs = policy(10, { rescue: false });
    const headers = { "if-match": '"1"' };
    await world.api("PUT", `routes/${key}`, { policy: theirs }, "ada", headers);
    await button(page, "Review and save…").click();
    await button(page, "Save as version 2").click();
    await page.getByRole("heading", { name: "ada was quicker: version 2" }).waitFor();
    await page.getByText("One place is yours to decide.").waitFor();
    expect(await button(page, "Go on with this").isDisabled()).toBe(true);
    await picture(page, "editor-both");
    await page.getByRole("radio", { name: "Take mine for $.percent: 20" }).check();
    await button(page, "Go on with this").click();
    await button(page, "Save as version 3").click();
    await page.getByText("Version 3 is saved").waitFor();
    expect(await newest(key)).toMatchObject({
      version: 3,
      policy: policy(20, { timeoutMs: 1000, rescue: false }),
    });
    await page.close();
  });

  test("tells of a version that is made meanwhile, and shows it", async () => {
    const key = "while.localhost";
    await world.make(key, policy(5));
    const { page, ...tab } = await open(key);
    await world.api("PUT", `routes/${key}`, { policy: policy(7), note: "seven" }, "ada", {
      "if-match": '"1"',
    });
    await page.getByText("Version 2 was made meanwhile").waitFor();
    await button(page, "Show it").click();
    await expect.poll(async () => textOf(page).innerText()).toContain('"percent": 7');
    tab.expectSound();
    await page.close();
  });

  test("holds a reshuffle back until it is meant", async () => {
    const key = "again.localhost";
    await world.make(key, policy(50));
    const { page } = await open(key);
    await write(page, json(policy(50, { salt: "another" })));
    await button(page, "Review and save…").click();
    await button(page, "Draw them anew all the same").click();
    await button(page, "Save as version 2").click();
    await page.getByText("Version 2 is saved").waitFor();
    expect(await newest(key)).toMatchObject({ version: 2 });
    await page.close();
  });

  test("makes a route that is not there", async () => {
    const { page } = await open("new.localhost");
    await write(page, json(policy(1)));
    await button(page, "Review and save…").click();
    await button(page, "Make this route").click();
    await page.getByText("Version 1 is saved").waitFor();
    expect(await newest("new.localhost")).toMatchObject({ version: 1, policy: policy(1) });
    await page.close();
  });

  test("shows a policy to read to whom it is not to write", async () => {
    const key = "read.localhost";
    await world.make(key, policy(5));
    const context = await world.as("rey");
    const { page, ...tab } = await open(key, context);
    await page.getByText("version 1 · to read only").waitFor();
    await write(page, "{}");
    expect(await textOf(page).innerText()).toContain('"percent": 5');
    expect(await button(page, "Review and save…").count()).toBe(0);
    tab.expectSound();
    await context.close();
  });

  test("is left by Escape and Tab, and asks before it is left with something unsaved", async () => {
    const key = "leave.localhost";
    await world.make(key, policy(5));
    const { page, ...tab } = await open(key);
    await write(page, json(policy(6)));
    await page.keyboard.press("Escape");
    await page.keyboard.press("Tab");
    expect(await page.locator(".cm-content:focus").count()).toBe(0);
    expect(await textOf(page).innerText()).not.toContain("\t");
    await page.getByRole("link", { name: "Results" }).click();
    await page.getByRole("heading", { name: "Leave without saving?" }).waitFor();
    await button(page, "Stay").click();
    await expect.poll(async () => textOf(page).innerText()).toContain('"percent": 6');
    await page.getByRole("link", { name: "Results" }).click();
    await button(page, "Leave").click();
    await page.waitForURL("**/results");
    await page.goBack();
    await page.getByText("What you had not saved is here again").waitFor();
    await expect.poll(async () => textOf(page).innerText()).toContain('"percent": 6');
    await button(page, "Throw it away").click();
    await expect.poll(async () => textOf(page).innerText()).toContain('"percent": 5');
    tab.expectSound();
    await page.close();
  });
});
