import { afterAll, beforeAll, expect, test } from "vitest";

import { expectAccessible, openTab } from "./look.ts";
import { startConsoleWorld, type ConsoleWorld } from "./support.ts";

let world: ConsoleWorld;
beforeAll(async () => {
  world = await startConsoleWorld();
  const [a, b] = world.origins;
  await world.make("shop.localhost", {
    strategy: "canary",
    stable: a.url,
    canary: b.url,
    percent: 20,
  });
});
afterAll(async () => world?.close());

test("a person who signs in sees the routes", async () => {
  const context = await world.as("ada");
  await world.visitors("shop.localhost", 10);
  const tab = await openTab(context, `${world.url}/`);
  await tab.page.getByRole("link", { name: "shop.localhost" }).waitFor();
  await expectAccessible(tab.page);
  tab.expectSound();
  expect(await tab.clicks()).toBe(0);
  await context.close();
});
