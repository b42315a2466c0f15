import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";

import { expectAccessible, isFocused, openTab, picture, tabTo } from "./look.ts";
import { startConsoleWorld, type ConsoleWorld, type Person } from "./support.ts";

const KEY = "shop.localhost";

let world: ConsoleWorld;
beforeAll(async () => {
  world = await startConsoleWorld();
  const [old, fresh] = world.origins;
  const policy = { strategy: "canary", stable: old.url, canary: fresh.url, percent: 10 };
  await world.make(KEY, policy);
  const patch = async (percent: number, note: string, by: Person, version: number) =>
    world.api("PATCH", `routes/${KEY}`, { policy: { percent }, note }, by, {
      "if-match": `"${version}"`,
    });
  await patch(30, "The first week went well", "ada", 1);
  await patch(60, "No more failures than on stable", "ada", 2);
  const single = { strategy: "single", origin: old.url };
  const note = "<img src=x onerror=alert(1)> \u202Efdp.exe";
  await world.api("PUT", "routes/odd.localhost", { policy: single, note }, "ada", {
    "if-none-match": "*",
  });
});
afterAll(async () => world?.close());

const open = async (person: Person, path: string, options = {}) =>
  openTab(await world.as(person, options), `${world.url}${path}`);

const HISTORY = `/routes/${KEY}/history`;
const told = (page: Page) => page.getByText("of visitors moved").nth(1).waitFor();

test("who changed what last night is read on the page that History opens, without a click more", async () => {
  const { page, expectSound, clicks, requests } = await open("rey", HISTORY);
  await told(page);
  const [last, before] = await page.getByRole("listitem").filter({ hasText: "ada" }).all();
  expect(await last?.textContent()).toMatch(/ada.*version 3, newest.*percent 30 → 60/s);
  expect(await before?.textContent()).toMatch(/The first week went well.*percent 10 → 30.*moved/s);
  expect(await page.title()).toBe(`${KEY} · History · Switchyard`);
  expect(await clicks()).toBe(0);
  // The route, its log, and one comparison for each version; then the first two again.
  expect(requests()).toBeLessThanOrEqual(8);
  expectSound();
  await page.context().close();
});

test("who may only read is offered no way back", async () => {
  const { page, expectSound } = await open("rey", HISTORY);
  await told(page);
  expect(await page.getByRole("button", { name: /^Roll back/ }).count()).toBe(0);
  expectSound();
  await page.context().close();
});

test("a note is text, however it is written", async () => {
  const { page, expectSound } = await open("rey", "/routes/odd.localhost/history");
  await page.getByText("<img src=x onerror=alert(1)>").waitFor();
  expect(await page.locator("main img").count()).toBe(0);
  expectSound();
  await page.context().close();
});

test("any two versions are compared, by an address that can be handed on", async () => {
  const { page, expectSound } = await open("rey", HISTORY);
  await page.getByRole("button", { name: "Compare two versions" }).click();
  await page
    .getByRole("combobox", { name: "from", exact: true })
    .selectOption({ label: "version 1" });
  await page.getByText("10 → 60").waitFor();
  expect(new URL(page.url()).search).toBe("?from=1&to=3");
  await page.reload();
  await page.getByText("10 → 60").waitFor();
  await page
    .getByRole("combobox", { name: "from", exact: true })
    .selectOption({ label: "before the first" });
  await page.getByText("the whole policy").first().waitFor();
  expectSound();
  await page.context().close();
});

for (const colorScheme of ["light", "dark"] as const)
  for (const width of [360, 1440])
    test(`axe finds nothing wrong, ${colorScheme}, ${width} px wide`, async () => {
      const viewport = { width, height: 900 };
      const { page, expectSound } = await open("ada", `${HISTORY}?from=1&to=3`, {
        colorScheme,
        viewport,
      });
      await told(page);
      await page.getByText("10 → 60").waitFor();
      await expectAccessible(page);
      const widest = await page.evaluate<number>("document.documentElement.scrollWidth");
      expect(widest).toBeLessThanOrEqual(width);
      if (width > 360 && colorScheme === "light") await picture(page, "history");
      await page.getByRole("button", { name: "Roll back to version 1" }).click();
      const dialog = page.getByRole("dialog");
      await dialog.getByText("of visitors move").waitFor();
      await dialog.getByRole("button", { name: "Roll back", disabled: false }).waitFor();
      await expectAccessible(page);
      expectSound();
      await page.context().close();
    });

test("a change is rolled back in three clicks, once who moves was seen", async () => {
  const { page, expectSound, clicks } = await open("ada", HISTORY);
  await page.getByRole("button", { name: "Roll back to version 2" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText("of visitors move").waitFor();
  await dialog.getByLabel("Why").fill("Too fast");
  await dialog.getByRole("button", { name: "Roll back" }).click();
  await page.getByText("Version 4 is made: it says what version 2 said").waitFor();
  await page.getByText("version 4, newest").waitFor();
  expect(await clicks()).toBeLessThanOrEqual(3);
  expect(await world.api("GET", `routes/${KEY}`)).toMatchObject({
    version: 4,
    policy: { percent: 30 },
    note: "Too fast",
  });
  expectSound();
  await page.context().close();
});

test("by keyboard alone: to the button, through the dialog, and out of it by Escape", async () => {
  const { page, expectSound, clicks } = await open("ada", HISTORY);
  const button = page.getByRole("button", { name: "Roll back to version 1" });
  await tabTo(page, button);
  await page.keyboard.press("Enter");
  await page.getByRole("dialog").getByText("of visitors move").waitFor();
  await page.keyboard.press("Escape");
  await page.getByRole("dialog").waitFor({ state: "detached" });
  expect(await isFocused(button)).toBe(true);
  expect(await clicks()).toBe(0);
  expectSound();
  await page.context().close();
});

test("what was changed meanwhile stops a roll-back, and says so", async () => {
  const { page } = await open("ada", HISTORY);
  await page.getByRole("button", { name: "Roll back to version 1" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText("of visitors move").waitFor();
  await world.api("PATCH", `routes/${KEY}`, { policy: { percent: 31 } }, "ada", {
    "if-match": '"4"',
  });
  await dialog.getByRole("button", { name: "Roll back" }).click();
  const alert = dialog.getByRole("alert");
  await alert.getByText(/shows version 4, and the newest is 5/).waitFor();
  expect(await alert.textContent()).toMatch(/ada did patch.*version 5.*Nothing of yours.*30 → 31/s);
  expect(await dialog.locator(":focus").count()).toBe(1);
  expect(await world.api("GET", `routes/${KEY}`)).toMatchObject({ version: 5 });
  await dialog.getByRole("button", { name: "Look again and go on" }).press("Enter");
  await dialog.getByText("of visitors move").waitFor();
  await dialog.getByRole("button", { name: "Roll back" }).click();
  await page.getByText("Version 6 is made: it says what version 1 said").waitFor();
  await page.context().close();
});

test("a control plane that does not answer leaves what was known, and says since when", async () => {
  const { page } = await open("rey", HISTORY);
  await told(page);
  await page.route("**/v1/**", (route) => route.abort());
  await page.getByText("No news since").waitFor({ timeout: 20_000 });
  expect(await page.getByRole("main").textContent()).toContain("The first week went well");
  await page.context().close();
});
