import { createHash } from "node:crypto";

import type { Browser, BrowserContext, BrowserContextOptions } from "playwright-core";

import { BASE } from "../../../src/api/base.ts";
import { startFleet, type TestFleet } from "../../support/gateway.ts";
import { visit } from "../../support/jar.ts";
import { startOrigin, type Origin } from "../../support/origin.ts";
import { startChromium } from "../browser/chromium.ts";

/** Who may look, and what each may do; their tokens are `token of NAME`. */
const PEOPLE = {
  ada: { role: "write", scope: "*" },
  olu: { role: "operate", scope: "*" },
  rey: { role: "read", scope: "*" },
  sam: { role: "write", scope: "sam*" },
} as const;

/** Somebody who may look at the console. */
export type Person = keyof typeof PEOPLE;

const tokenOf = (name: string): string => `token-of-${name}`;

const TOKENS = JSON.stringify(
  Object.entries(PEOPLE).map(([name, rights]) => ({
    name,
    sha256: createHash("sha256").update(tokenOf(name)).digest("hex"),
    ...rights,
  })),
);

/** A bare "Mozilla/5.0" is a crawler's. */
const FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

/** What the console is looked at with, unless a test says otherwise. */
const DESK = { viewport: { width: 1440, height: 900 }, colorScheme: "light" } as const;

/** An origin that answers as it is told, from one request to the next. */
export interface ToldOrigin extends Origin {
  /** The status of every answer from now on. */
  answer(status: number): void;
}

async function startToldOrigin(name: string): Promise<ToldOrigin> {
  let status = 200;
  const origin = await startOrigin(name, (request, response) => {
    request.resume();
    response.writeHead(status).end(name);
  });
  return { ...origin, answer: (next) => void (status = next) };
}

/** Both Workers, origins behind them, and Chromium in front. */
export interface ConsoleWorld {
  readonly fleet: TestFleet;
  /** Where the console is, without a slash at the end. */
  readonly url: string;
  readonly origins: readonly [ToldOrigin, ToldOrigin];
  readonly browser: Browser;
  /** One request of the API; throws where it is refused. */
  api(
    method: string,
    path: string,
    body?: unknown,
    by?: Person,
    headers?: Record<string, string>,
  ): Promise<unknown>;
  /** Makes a route. */
  make(key: string, policy: object, by?: Person): Promise<void>;
  /** So many page views of a route, each of a visitor whom nobody has met. */
  visitors(key: string, count: number): Promise<void>;
  /** A browser of somebody who has signed in. */
  as(person: Person, options?: BrowserContextOptions): Promise<BrowserContext>;
  close(): Promise<void>;
}

/** Visitors there have been: each comes from an IPv6 network of its own. */
let met = 0;

export interface ConsoleWorldOptions {
  /** The shortest time between an isolate's reports, a second where it is left out; null for what is usual. */
  readonly reportSeconds?: number | null;
  /** A module of the control Worker's folder to start with. */
  readonly entry?: string;
  /** Whether it has the secret SESSION_KEY; so it is where that is left out. */
  readonly signsIn?: boolean;
}

/** A canary of a world's two origins, with a fifth of the visitors where nothing else is said. */
export const canaryOf = ({ origins }: Pick<ConsoleWorld, "origins">, more: object = {}) => ({
  strategy: "canary",
  stable: origins[0].url,
  canary: origins[1].url,
  percent: 20,
  ...more,
});

/** Starts it all, without a route. */
export async function startConsoleWorld({
  reportSeconds = 1,
  entry,
  signsIn = true,
}: ConsoleWorldOptions = {}): Promise<ConsoleWorld> {
  const [first, second, browser] = await Promise.all([
    startToldOrigin("old"),
    startToldOrigin("new"),
    startChromium(),
  ]);
  const fleet = await startFleet({
    policies: {},
    vars: {
      MEMORY_TTL_SECONDS: "0",
      ...(reportSeconds !== null && { REPORT_INTERVAL_SECONDS: String(reportSeconds) }),
    },
    secrets: { VISITOR_KEY: "00112233445566778899aabbccddeeff" },
    admin: {
      secrets: { ADMIN_TOKENS: TOKENS, ...(signsIn && { SESSION_KEY: "11".repeat(32) }) },
      ...(entry !== undefined && { entry }),
    },
  });
  const { url } = fleet.control;

  const api: ConsoleWorld["api"] = async (method, path, body, by = "ada", headers = {}) => {
    const response = await fetch(`${url}${BASE}/${path}`, {
      method,
      headers: {
        authorization: `Bearer ${tokenOf(by)}`,
        "content-type": "application/json",
        ...headers,
      },
      body: body === undefined ? null : JSON.stringify(body),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text === "" ? undefined : (JSON.parse(text) as unknown);
  };

  /** A session each, made once: what a browser keeps of having signed in. */
  const sessions = new Map<Person, Promise<Awaited<ReturnType<BrowserContext["storageState"]>>>>();
  const signedIn = async (person: Person) => {
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.goto(`${url}/sign-in`);
    await page.getByLabel("Token").fill(tokenOf(person));
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.waitForURL(`${url}/`);
    const state = await context.storageState();
    await context.close();
    return state;
  };

  return {
    fleet,
    url,
    origins: [first, second],
    browser,
    api,
    async make(key, policy, by = "ada") {
      const path = `routes/${encodeURIComponent(key)}`;
      await api("PUT", path, { policy }, by, { "if-none-match": "*" });
    },
    async visitors(key, count) {
      for (let at = 0; at < count; at += 1) {
        met += 1;
        await visit(fleet.url, {
          host: key,
          headers: {
            "sec-fetch-dest": "document",
            "user-agent": FIREFOX,
            "cf-connecting-ip": `2001:db8:1:${met.toString(16)}::1`,
          },
        });
      }
    },
    async as(person, options = {}) {
      const session = sessions.get(person) ?? signedIn(person);
      sessions.set(person, session);
      return browser.newContext({ ...DESK, storageState: await session, ...options });
    },
    async close() {
      await browser.close();
      await fleet.close();
      await Promise.all([first.close(), second.close()]);
    },
  };
}
