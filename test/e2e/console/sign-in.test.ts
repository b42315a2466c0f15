import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";

import { DEMO_TOKEN } from "../../../src/cli/access/token.ts";
import { startDemo, type Demo } from "../../support/demo.ts";
import { startChromium } from "../browser/chromium.ts";

let demo: Demo;
let browser: Browser;
/** A page of a host that is same-site with the console, and sends its cookie. */
let sibling: Server;
beforeAll(async () => {
  sibling = createServer((_, response) => {
    response.setHeader("content-type", "text/html").end("<!doctype html><title>Shop</title>");
  }).listen(0, "127.0.0.1");
  [demo, browser] = await Promise.all([startDemo(), startChromium(), once(sibling, "listening")]);
});
afterAll(async () => {
  sibling.closeAllConnections();
  sibling.close();
  await browser.close();
  await demo.stop();
});

const siblingUrl = () => `http://127.0.0.1:${(sibling.address() as AddressInfo).port}/`;
const link = () => /\n {2}(http\S+\/sign-in#code=\S+)\n/.exec(demo.printed())?.[1] ?? "none";

const refusal = (page: Page) => page.getByRole("alert");

test("the link that npm start prints signs in once, and opens on the demo's routes", async () => {
  const context = await browser.newContext();
  const page = await context.newPage();
  const faults: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error") faults.push(message.text());
  });
  await page.goto(link());
  await page.waitForURL(`${demo.control}/`);
  await page.getByText("guarded.localhost").first().waitFor();
  expect(faults).toEqual([]);
  const [cookie] = await context.cookies();
  expect(cookie).toMatchObject({
    name: "__Host-switchyard",
    httpOnly: true,
    secure: true,
    sameSite: "Strict",
    path: "/",
  });
  expect(await page.evaluate("document.cookie")).toBe("");

  // No page beside it changes anything, though its requests carry the cookie.
  const beside = await context.newPage();
  await beside.goto(siblingUrl());
  const url = `${demo.control}/v1/routes/ab.localhost`;
  const forged = JSON.stringify(`${url}/actions/promote`);
  const simple = `{ method: "POST", mode: "no-cors", credentials: "include" }`;
  const outcome = `.then(() => "answered", () => "refused")`;
  expect(await beside.evaluate(`fetch(${forged}, ${simple})${outcome}`)).toBe("refused");
  expect(await page.evaluate(`fetch(${JSON.stringify(url)}).then(({ status }) => status)`)).toBe(
    200,
  );
  const read = `fetch(${JSON.stringify(url)}, { credentials: "include" })${outcome}`;
  expect(await beside.evaluate(read)).toBe("refused");

  // A link from elsewhere comes without the cookie: whoever is signed in is brought there all the same.
  await beside.goto(siblingUrl());
  await beside.evaluate(`location.href = ${JSON.stringify(`${demo.control}/routes/ab.localhost`)}`);
  await beside.waitForURL(`${demo.control}/routes/ab.localhost`);

  await page.evaluate(
    `fetch("/session", { method: "DELETE", headers: { "x-switchyard-console": "1" } })`,
  );
  expect(await context.cookies()).toEqual([]);
  await page.goto(`${demo.control}/routes/ab.localhost`);
  expect(new URL(page.url()).pathname + new URL(page.url()).search).toBe(
    "/sign-in?next=%2Froutes%2Fab.localhost",
  );

  const again = await browser.newContext();
  const late = await again.newPage();
  await late.goto(link());
  await refusal(late).waitFor();
  expect(await again.cookies()).toEqual([]);
  expect(new URL(late.url()).hash).toBe("");
});

test.each(["//evil.example/", "https://evil.example/", "/\\evil.example", "javascript:alert(1)"])(
  "signing in leads to no other host: next=%s",
  async (next) => {
    const page = await (await browser.newContext()).newPage();
    await page.goto(`${demo.control}/sign-in?next=${encodeURIComponent(next)}`);
    await page.getByLabel("Token").fill("a wrong one");
    await page.getByRole("button", { name: "Sign in" }).click();
    await refusal(page).waitFor();
    await page.getByLabel("Token").fill(DEMO_TOKEN);
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.waitForURL((url) => url.pathname !== "/sign-in");
    expect(new URL(page.url()).origin).toBe(demo.control);
  },
);
