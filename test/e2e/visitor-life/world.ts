import { setTimeout as sleep } from "node:timers/promises";
import type { CookieJar } from "tough-cookie";

import { murmur3 } from "../../../src/lib/hash.ts";
import { signToken, tokenKey } from "../../../src/override/token.ts";
import { openJar, visit, type Visit } from "../../support/jar.ts";
import type { Origin } from "../../support/origin.ts";
import type { BareGateway } from "../hostile/bare.ts";
import { written, type Operated } from "./policy.ts";

export const SECRET = "a secret for the life of a visitor";
const HOST = "shop.example.com";

/** How often the gateway is asked whether it serves the new policy, and how long it may take. */
const SETTLE_POLL_MS = 2;
const SETTLE_POLLS = 500;

/** The Worker's clock stands still within an event: a moment this long (ms) parts two of its times for certain. */
const MOMENT_MS = 5;

export const moment = (): Promise<void> => sleep(MOMENT_MS);

const HOUR_MS = 3_600_000;

/** The real thing: one route of the Worker, and a browser for each visitor. */
export class World {
  readonly key: string;
  readonly #gateway: BareGateway;
  readonly #origin: Origin;
  readonly #jars: CookieJar[];

  constructor(key: string, gateway: BareGateway, origin: Origin, visitors: number) {
    this.key = key;
    this.#gateway = gateway;
    this.#origin = origin;
    this.#jars = Array.from({ length: visitors }, openJar);
  }

  get #url(): string {
    return `http://${HOST}/${this.key}/`;
  }

  #jar(visitor: number): CookieJar {
    const jar = this.#jars[visitor];
    if (jar === undefined) throw new RangeError(`there is no visitor ${visitor}`);
    return jar;
  }

  /** Stores the policy, and returns once the Worker serves it. */
  async operate(policy: Operated): Promise<void> {
    const text = written(policy, this.#origin.url, Date.now());
    this.#gateway.put(this.key, text);
    const version = murmur3(text, 0).toString(16).padStart(8, "0");
    for (let polls = 0; polls < SETTLE_POLLS; polls += 1) {
      const answer = await visit(this.#gateway.url, { host: HOST, path: `/${this.key}/` });
      if (answer.header("x-policy-version") === version) return;
      await sleep(SETTLE_POLL_MS);
    }
    throw new Error(`the Worker does not serve version ${version}: ${text}`);
  }

  /** One page view in a visitor's browser. */
  async visit(
    visitor: number,
    search: string,
    headers: Readonly<Record<string, string>>,
  ): Promise<Visit> {
    const path = `/${this.key}/page${search}`;
    return visit(this.#gateway.url, { host: HOST, path, jar: this.#jar(visitor), headers });
  }

  /** A cookie in a visitor's browser, as the site sees it. */
  async cookie(visitor: number, name: string): Promise<string | undefined> {
    const cookies = await this.#jar(visitor).getCookies(this.#url);
    return cookies.find(({ key }) => key === name)?.value;
  }

  /** The site's own banner: it sets the consent cookie, or takes it away. */
  async consent(visitor: number, given: boolean): Promise<void> {
    const life = given ? "" : "; Max-Age=0";
    await this.#jar(visitor).setCookie(`agreed=yes; Path=/${life}`, this.#url);
  }

  /** The visitor clears their cookies. */
  async forget(visitor: number): Promise<void> {
    await this.#jar(visitor).removeAllCookies();
  }

  /** A QA link's token, good or with a fault of this name. */
  async token(variant: string, fault: string | undefined): Promise<string> {
    const claim = {
      route: fault === "other-route" ? `${this.key}x` : this.key,
      variant,
      expiresAt: Date.now() + (fault === "expired" ? -1000 : HOUR_MS),
    };
    const token = await signToken(claim, await tokenKey(SECRET));
    return fault === "forged" ? token.replace(/.$/, (last) => (last === "A" ? "E" : "A")) : token;
  }
}
