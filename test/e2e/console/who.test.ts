import { afterAll, beforeAll, expect, test } from "vitest";

import { expectAccessible, openTab } from "./look.ts";
import { startConsoleWorld, type ConsoleWorld } from "./support.ts";

let world: ConsoleWorld;

beforeAll(async () => {
  world = await startConsoleWorld();
});
afterAll(async () => world?.close());

test("the head says whose session it is and what they may do, and ends it", async () => {
  const context = await world.as("sam");
  const { page, expectSound } = await openTab(context, `${world.url}/`);
  await page.getByText("may change all of sam*").waitFor();
  expect(await page.getByText("sam", { exact: true }).getAttribute("title")).toContain("sam*");
  await expectAccessible(page);
  expectSound();

  await page.getByRole("button", { name: "Sign out" }).click();
  await page.waitForURL(`${world.url}/sign-in`);
  expect(await context.cookies()).toEqual([]);
  await page.goto(`${world.url}/explain`);
  expect(page.url()).toBe(`${world.url}/sign-in?next=%2Fexplain`);
  await context.close();
});

test("a session that is over leads to sign in, and from there back", async () => {
  const context = await world.as("rey");
  const { page } = await openTab(context, `${world.url}/explain`);
  await page.getByText("may look").waitFor();
  await context.clearCookies();
  await page.getByRole("link", { name: "Routes" }).click();
  await page.waitForURL(/\/sign-in\?next=/);
  await page.getByLabel("Token").fill("token-of-rey");
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.waitForURL(`${world.url}/`);
  expect(await page.getByText("may look").textContent()).toContain("until");
  await context.close();
});
