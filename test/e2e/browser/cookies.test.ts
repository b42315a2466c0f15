import type { ServerResponse } from "node:http";
import type { Browser, BrowserContext } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { signToken, tokenKey } from "../../../src/override/token.ts";
import { startOrigin, type Origin } from "../../support/origin.ts";
import { startBare, type BareGateway } from "../hostile/bare.ts";
import { startChromium } from "./chromium.ts";

const SECRET = "a secret for the links of these tests";
/** Two even variants leave so many visitors all on one side once in a billion runs. */
const MANY = 30;
const RELOADS = 10;

let origins: Origin[];
let gateway: BareGateway;
let browser: Browser;

/** A shop's pages. Like a real one's, its login sets a cookie, names its own host, and sends the browser on and on. */
function page(name: string, path: string, response: ServerResponse, base: () => string): boolean {
  switch (path) {
    case "/login":
      response.writeHead(302, {
        location: `${base()}/welcome`,
        "set-cookie": ["session=s1; Path=/; Domain=127.0.0.1", "seen=yes; Path=/"],
      });
      response.end();
      return true;
    case "/welcome":
      response.writeHead(303, { location: "/page", "set-cookie": "welcomed=1; Path=/" }).end();
      return true;
    case "/page":
      response.writeHead(200, { "content-type": "text/html" });
      response.end(
        `<!doctype html><title>${name}</title><script src="script.js"></script><h1>${name}</h1>`,
      );
      return true;
    case "/script.js":
      response.writeHead(200, { "content-type": "text/javascript" });
      response.end(`globalThis.script = "${name}";`);
      return true;
    default:
      return false;
  }
}

beforeAll(async () => {
  const urls: string[] = [];
  origins = await Promise.all(
    ["a", "b"].map((name, i) =>
      startOrigin(name, (request, response, next) => {
        if (!page(name, request.url?.split("?", 1)[0] ?? "", response, () => urls[i] ?? "")) next();
      }),
    ),
  );
  urls.push(...origins.map(({ url }) => url));
  const halves = {
    strategy: "weighted",
    variants: origins.map(({ name, url }) => ({ name, origin: url, weight: 1 })),
  };
  gateway = await startBare({
    policies: { "shop.localhost": halves, storefrontA: halves },
    vars: { OVERRIDE_SECRET: SECRET },
  });
  browser = await startChromium();
});

afterAll(async () => {
  await browser?.close();
  await Promise.all([gateway?.close(), ...(origins ?? []).map((origin) => origin.close())]);
});

const at = (host: string, path: string) => `http://${host}:${gateway.port}${path}`;

/** What a browser shows of a page. */
async function look(context: BrowserContext, url: string) {
  const tab = await context.newPage();
  await tab.goto(url);
  const shown = {
    url: tab.url(),
    variant: await tab.title(),
    script: await tab.evaluate<unknown>("globalThis.script"),
    cookies: await tab.evaluate<string>("document.cookie"),
  };
  return { tab, ...shown };
}

describe.each([
  ["a tenant by host", "shop.localhost", ""],
  ["a tenant by path", "localhost", "/storefrontA"],
])("%s in Chromium", (_, host, prefix) => {
  test("a login's redirects and cookies survive the way through the gateway", async () => {
    const context = await browser.newContext();
    const { url, variant, script, cookies } = await look(context, at(host, `${prefix}/login`));
    expect(url).toBe(at(host, `${prefix}/page`));
    expect(script).toBe(variant);
    expect(cookies.split("; ").toSorted()).toEqual(["seen=yes", "session=s1", "welcomed=1"]);
    const stored = await context.cookies();
    expect(stored.map(({ name, domain, path }) => `${name} ${domain} ${path}`).toSorted()).toEqual(
      ["seen", "session", "sy", "welcomed"].map((name) => `${name} ${host} ${prefix || "/"}`),
    );
    expect(stored.find(({ name }) => name === "sy")).toMatchObject({
      httpOnly: true,
      secure: false,
      sameSite: "Lax",
    });
    await context.close();
  });

  test("the variant stays, over reloads and in other tabs", async () => {
    const context = await browser.newContext();
    const { tab, variant } = await look(context, at(host, `${prefix}/page`));
    const [before] = (await context.cookies()).filter(({ name }) => name === "sy");
    for (let i = 0; i < RELOADS; i++) {
      await tab.reload();
      expect([await tab.title(), await tab.evaluate("globalThis.script")]).toEqual([
        variant,
        variant,
      ]);
    }
    expect((await look(context, at(host, `${prefix}/page`))).variant).toBe(variant);
    const [after] = (await context.cookies()).filter(({ name }) => name === "sy");
    expect(after?.value).toBe(before?.value);
    await context.close();
  });

  test("other visitors get the other variant", async () => {
    const met = new Set<string>();
    for (let visitor = 0; visitor < MANY && met.size < 2; visitor++) {
      const context = await browser.newContext();
      met.add((await look(context, at(host, `${prefix}/page`))).variant);
      await context.close();
    }
    expect([...met].toSorted()).toEqual(["a", "b"]);
  });

  test("a QA link holds for the whole session", async () => {
    const key = await tokenKey(SECRET);
    const route = prefix === "" ? host : prefix.slice(1);
    for (const variant of ["a", "b"]) {
      const context = await browser.newContext();
      const token = await signToken({ route, variant, expiresAt: Date.now() + 60_000 }, key);
      expect((await look(context, at(host, `${prefix}/page?sy=${token}`))).variant).toBe(variant);
      expect((await look(context, at(host, `${prefix}/page`))).variant).toBe(variant);
      await context.close();
    }
  });
});

test("visitors of one tenant bring no cookie of it to another", async () => {
  const context = await browser.newContext();
  await look(context, at("localhost", "/storefrontA/login"));
  const elsewhere = await look(context, at("shop.localhost", "/page"));
  expect(elsewhere.cookies).toBe("");
  const root = await look(context, at("localhost", "/"));
  expect(root.cookies).toBe("");
  await context.close();
});
