import type { Browser, BrowserContext, Response } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startOrigin, type Origin } from "../../support/origin.ts";
import { startBare, type BareGateway } from "../hostile/bare.ts";
import { startChromium } from "./chromium.ts";

/** Two even variants give so many orders to the visitor's own once in a million runs. */
const ORDERS = 20;

let origins: Origin[];
let gateway: BareGateway;
let browser: Browser;

/** A page of another site: `127.0.0.1` is another site than `shop.localhost`. */
const ELSEWHERE: Readonly<Record<string, (shop: string) => string>> = {
  "/pay": (shop) =>
    `<form method="post" action="${shop}/paid"><button id="pay">Pay</button></form>`,
  "/framing": (shop) => `<iframe src="${shop}/framed"></iframe>`,
  "/asking": (shop) =>
    `<script>fetch("${shop}/asked", { mode: "no-cors", credentials: "include" })</script>`,
  "/ahead": (shop) => `<link rel="prefetch" href="${shop}/fetched-ahead">`,
  "/showing": (shop) =>
    `<link rel="stylesheet" href="${shop}/style.css"><img src="${shop}/image.png"><script src="${shop}/script.js"></script>`,
};

/** A browser hides the answer to a sub-resource of another kind than it asked for. */
const RESOURCES: Readonly<Record<string, string>> = {
  "/style.css": "text/css",
  "/image.png": "image/png",
  "/script.js": "text/javascript",
};

beforeAll(async () => {
  origins = await Promise.all(
    ["a", "b"].map((name) =>
      startOrigin(name, (request, response, next) => {
        const elsewhere = ELSEWHERE[request.url ?? ""];
        if (elsewhere !== undefined) {
          response.writeHead(200, { "content-type": "text/html" }).end(elsewhere(shop("")));
        } else if (request.url === "/") {
          response.writeHead(200, { "content-type": "text/html" }).end(`<title>${name}</title>`);
        } else if (request.url !== undefined && request.url in RESOURCES) {
          response.writeHead(200, { "content-type": RESOURCES[request.url] }).end();
        } else next();
      }),
    ),
  );
  const variants = origins.map(({ name, url }) => ({ name, origin: url, weight: 1 }));
  const halves = { strategy: "weighted", variants };
  gateway = await startBare({
    policies: {
      "shop.localhost": halves,
      "strict.localhost": { ...halves, sticky: { cookie: { sameSite: "strict" } } },
    },
  });
  browser = await startChromium();
});

afterAll(async () => {
  await browser?.close();
  await Promise.all([gateway?.close(), ...(origins ?? []).map((origin) => origin.close())]);
});

const shop = (path: string, host = "shop.localhost") => `http://${host}:${gateway.port}${path}`;
const elsewhere = (path: string) => `${origins[0]?.url ?? ""}${path}`;

const idOf = async (context: BrowserContext): Promise<string | undefined> =>
  (await context.cookies()).find(({ name }) => name === "sy")?.value;

/** The `Set-Cookie` that a newcomer's browser gets for a path of the shop from a page of another site. */
async function setBy(page: string, path: string): Promise<string | null> {
  const context = await browser.newContext();
  const tab = await context.newPage();
  const answered = context.waitForEvent("response", (answer: Response) =>
    answer.url().startsWith(shop(path)),
  );
  await tab.goto(elsewhere(page));
  const value = await (await answered).headerValue("set-cookie");
  await context.close();
  return value;
}

describe("a visitor who comes back from a payment by POST, without the cookie", () => {
  test("keeps their id, and so their variant", async () => {
    const context = await browser.newContext();
    const tab = await context.newPage();
    await tab.goto(shop("/"));
    const [id, variant] = [await idOf(context), await tab.title()];
    const met = new Set<string | null>();
    for (let order = 0; order < ORDERS; order += 1) {
      await tab.goto(elsewhere("/pay"));
      const paid = tab.waitForResponse(shop("/paid"));
      await tab.click("#pay");
      const answer = await paid;
      expect(answer.request().method()).toBe("POST");
      expect(await answer.headerValue("set-cookie")).toBeNull();
      expect((await answer.request().allHeaders())["cookie"]).toBeUndefined();
      met.add(await answer.headerValue("x-variant"));
      expect(await idOf(context)).toBe(id);
    }
    // They are drawn anew each time: nothing of the browser's tells who it is.
    expect(met.size).toBe(2);
    await tab.goto(shop("/"));
    expect(await tab.title()).toBe(variant);
    await context.close();
  });
});

describe("a newcomer's browser is given no id", () => {
  test.each([
    ["in another site's frame", "/framing", "/framed"],
    ["by another site's script", "/asking", "/asked"],
    ["with what it fetches ahead", "/ahead", "/fetched-ahead"],
    ["with a style sheet", "/showing", "/style.css"],
    ["with an image", "/showing", "/image.png"],
    ["with a script", "/showing", "/script.js"],
  ])("%s", async (_, page, path) => {
    expect(await setBy(page, path)).toBeNull();
  });
});

test("a strict cookie, which no link from another site brings, is not replaced by one", async () => {
  const context = await browser.newContext();
  const tab = await context.newPage();
  await tab.goto(shop("/", "strict.localhost"));
  const id = await idOf(context);
  expect(id).toMatch(/^1\./);
  await tab.goto(elsewhere("/pay"));
  const arrived = tab.waitForResponse(shop("/", "strict.localhost"));
  await tab.evaluate(`location.href = ${JSON.stringify(shop("/", "strict.localhost"))}`);
  const answer = await arrived;
  expect((await answer.request().allHeaders())["cookie"]).toBeUndefined();
  expect(await answer.headerValue("set-cookie")).toBeNull();
  expect(await idOf(context)).toBe(id);
  await context.close();
});
