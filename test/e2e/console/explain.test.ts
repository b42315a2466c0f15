import { afterAll, beforeAll, expect, test } from "vitest";

import { expectAccessible, isFocused, openTab, picture, tabTo } from "./look.ts";
import { startConsoleWorld, type ConsoleWorld, type Person } from "./support.ts";

let world: ConsoleWorld;
beforeAll(async () => {
  world = await startConsoleWorld();
  const [old, fresh] = world.origins;
  const canary = { strategy: "canary", stable: old.url, canary: fresh.url, percent: 10 };
  await world.make("shop.localhost", {
    ...canary,
    rules: [{ name: "staff", match: { header: { "x-staff": "yes" } }, variant: "canary" }],
  });
  await world.make("gone.localhost", { strategy: "respond", status: 410 });
});
afterAll(async () => world?.close());

const open = async (person: Person, path = "/explain", options = {}) =>
  openTab(await world.as(person, options), `${world.url}${path}`);

/** As a browser copies it. */
const COMMAND = `curl 'http://shop.localhost/cart' \\
  -H 'accept: text/html' \\
  -H 'x-staff: yes' \\
  -b 'theme=dark' --compressed`;

test("why a curl got its variant: pasted, one click, and the reason stands there", async () => {
  const { page, expectSound, clicks, requests } = await open("rey");
  await page.getByLabel("Request").fill(COMMAND);
  await page.getByRole("button", { name: "Explain" }).click();
  const told = page.getByRole("article", { name: "Explanation" });
  await told.getByRole("heading", { name: "canary" }).waitFor();
  expect(await told.textContent()).toContain('rule "staff" matches');
  expect(await told.getByRole("listitem").first().textContent()).toContain("shop.localhost");
  expect(await clicks()).toBeLessThanOrEqual(1);
  // It asks once, and polls nothing; the others are who is signed in.
  expect(requests()).toBeLessThanOrEqual(2);
  await picture(page, "explain");
  expectSound();
  await page.context().close();
});

test("by keyboard alone, and the answer has the focus", async () => {
  const { page, expectSound, clicks } = await open("rey");
  const request = page.getByLabel("Request");
  await tabTo(page, request);
  await page.keyboard.type("shop.localhost");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Step by step" }).waitFor();
  expect(await isFocused(page.locator(".explain-result"))).toBe(true);
  expect(await clicks()).toBe(0);
  expectSound();
  await page.context().close();
});

test("what the gateway answers by itself is told with its status", async () => {
  const { page } = await open("rey", "/explain?url=http%3A%2F%2Fgone.localhost%2F");
  await page.getByRole("button", { name: "Explain" }).click();
  await page.getByRole("heading", { name: "410" }).waitFor();
  expect(await page.getByRole("article").textContent()).toContain("by no origin");
  await page.context().close();
});

test("one route and one version of it are asked where an address names them", async () => {
  const { page } = await open(
    "rey",
    "/explain?url=http%3A%2F%2Fshop.localhost%2F&route=shop.localhost&version=1",
  );
  await page.getByRole("button", { name: "Explain" }).click();
  await page.getByText("shop.localhost, version 1").waitFor();
  await page.getByLabel("Version").fill("9");
  await page.getByRole("button", { name: "Explain" }).click();
  expect(await page.getByRole("alert").textContent()).toContain("version");
  await page.context().close();
});

test("what cannot be read says what is wrong, before anybody is asked", async () => {
  const { page, requests } = await open("rey");
  await page.getByLabel("Request").waitFor();
  const before = requests();
  await page.getByLabel("Request").fill("curl 'http://shop.localhost");
  await page.getByRole("button", { name: "Explain" }).click();
  expect(await page.getByRole("alert").textContent()).toContain("a quote ' is not closed");
  expect(requests()).toBe(before);
  await page.getByLabel("Request").fill("http://nowhere.localhost");
  await page.getByRole("button", { name: "Explain" }).click();
  await page.getByText("There is no such route").waitFor();
  await page.context().close();
});

test("markup in what is pasted is text", async () => {
  const { page } = await open("rey");
  await page.getByLabel("Request").fill("http://shop.localhost/<img/src=x>?\u202E");
  await page.getByRole("button", { name: "Explain" }).click();
  await page.locator("[role=alert], article").first().waitFor();
  expect(await page.locator("main img").count()).toBe(0);
  await page.context().close();
});

for (const colorScheme of ["light", "dark"] as const)
  for (const width of [360, 1440])
    test(`axe finds nothing wrong, ${colorScheme}, ${width} px wide`, async () => {
      const { page, expectSound } = await open("rey", "/explain", {
        colorScheme,
        viewport: { width, height: 900 },
      });
      await page.getByText("Why did somebody get that variant?").waitFor();
      await expectAccessible(page);
      await page.getByLabel("Request").fill(COMMAND);
      await page.getByRole("button", { name: "Explain" }).click();
      await page.getByRole("heading", { name: "Step by step" }).waitFor();
      await expectAccessible(page);
      const widest = await page.evaluate<number>("document.documentElement.scrollWidth");
      expect(widest).toBeLessThanOrEqual(width);
      expectSound();
      await page.context().close();
    });
