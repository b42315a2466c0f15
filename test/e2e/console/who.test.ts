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

test("a page that is turned to again says whose session it is by now", async () => {
  const context = await world.as("sam");
  const { page } = await openTab(context, `${world.url}/explain`);
  await page.getByText("may change all of sam*").waitFor();
  const status = await page.evaluate(async () => {
    // As another tab does, or a link that signs in.
    const response = await fetch("/session", {
      method: "POST",
      headers: { "content-type": "application/json", "x-switchyard-console": "1" },
      body: JSON.stringify({ token: "token-of-rey" }),
    });
    return response.status;
  });
  expect(status).toBe(204);
  await page.evaluate('window.dispatchEvent(new Event("focus"))');
  await page.getByText("may look").waitFor();
  expect(await page.getByText("rey", { exact: true }).count()).toBe(1);
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

test("a route that is not in one's scope has no lever and no editor, and says that it is not theirs", async () => {
  await world.make("beyond.localhost", { strategy: "single", origin: world.origins[0].url });
  const context = await world.as("sam");
  const { page } = await openTab(context, `${world.url}/routes/beyond.localhost`);
  await page.getByRole("alert").getByText("This is not yours to do").waitFor();
  await page.getByText("may change all of sam*").waitFor();
  const pages = page.getByRole("navigation", { name: "Pages of this route" });
  expect(await pages.getByRole("link").allTextContents()).toEqual([
    "Overview",
    "Results",
    "History",
    "Policy",
  ]);
  await context.close();
});
