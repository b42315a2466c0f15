import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";

import { BASE } from "../../../src/api/base.ts";
import type { RouteResults } from "../../../src/api/results.ts";
import { startFleet, type TestFleet } from "../../support/gateway.ts";
import { visit, type Visit } from "../../support/jar.ts";
import { startOrigin, type Origin } from "../../support/origin.ts";

export const TOKEN = "a-token-of-these-tests";

/** A bare "Mozilla/5.0" is a crawler's. */
const FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

/** An origin that answers as it is told, from one request to the next. */
export interface Pliable extends Origin {
  /** What every answer has from now on. */
  tell(answer: { readonly status?: number; readonly delayMs?: number }): void;
}

async function startPliable(name: string): Promise<Pliable> {
  let [status, delayMs] = [200, 0];
  const origin = await startOrigin(name, async (request, response) => {
    request.resume();
    await sleep(delayMs);
    response.writeHead(status).end(name);
  });
  return {
    ...origin,
    tell: (answer) => {
      [status, delayMs] = [answer.status ?? 200, answer.delayMs ?? 0];
    },
  };
}

/** One version of a route's history, the newest first. */
export interface Line {
  readonly version: number;
  readonly author: string;
  readonly action: string;
  readonly note: string;
  readonly at: string;
}

/** Both Workers, and two origins that do as they are told. */
export interface World {
  readonly fleet: TestFleet;
  readonly old: Pliable;
  readonly fresh: Pliable;
  api(path: string, init?: RequestInit): Promise<Response>;
  /** Makes a route. */
  make(key: string, policy: object): Promise<void>;
  /** Puts another policy in the place of a route's, and gives the answer. */
  replace(key: string, policy: object, more?: object): Promise<Response>;
  history(key: string): Promise<readonly Line[]>;
  results(key: string): Promise<RouteResults>;
  /** One page view of somebody: at an address, without a cookie unless `headers` has one. */
  come(key: string, address: string, headers?: Readonly<Record<string, string>>): Promise<Visit>;
  close(): Promise<void>;
}

/** An address of somebody nobody has met yet: each in an IPv6 network of its own. */
export function strangers(group: number): () => string {
  let met = 0;
  return () => `2001:db8:${group.toString(16)}:${(met += 1).toString(16)}::1`;
}

/** Starts a world whose isolates report after so many seconds. */
export async function startWorld(reportSeconds: number): Promise<World> {
  const [old, fresh] = await Promise.all(["old", "fresh"].map(startPliable));
  if (old === undefined || fresh === undefined) throw new Error("there are two origins");
  const tokens = [
    { name: "tests", sha256: createHash("sha256").update(TOKEN).digest("hex"), role: "write" },
  ].map((token) => ({ ...token, scope: "*" }));
  const fleet = await startFleet({
    policies: {},
    vars: { MEMORY_TTL_SECONDS: "0", REPORT_INTERVAL_SECONDS: String(reportSeconds) },
    secrets: { VISITOR_KEY: "00112233445566778899aabbccddeeff" },
    admin: { secrets: { ADMIN_TOKENS: JSON.stringify(tokens) } },
  });

  const api: World["api"] = async (path, init = {}) =>
    fetch(`${fleet.control.url}${BASE}/${path}`, {
      ...init,
      headers: {
        authorization: `Bearer ${TOKEN}`,
        "content-type": "application/json",
        ...(init.headers as object),
      },
    });
  const read = async <T>(path: string): Promise<T> => {
    const response = await api(path);
    if (!response.ok) throw new Error(`${path}: ${await response.text()}`);
    return (await response.json()) as T;
  };
  const put = async (key: string, headers: Record<string, string>, body: object) =>
    api(`routes/${key}`, { method: "PUT", headers, body: JSON.stringify(body) });
  return {
    fleet,
    old,
    fresh,
    api,
    async make(key, policy) {
      const response = await put(key, { "if-none-match": "*" }, { policy });
      if (!response.ok) throw new Error(await response.text());
    },
    replace: async (key, policy, more = {}) => put(key, { "if-match": "*" }, { policy, ...more }),
    history: async (key) =>
      (await read<{ versions: readonly Line[] }>(`routes/${key}/versions`)).versions,
    results: async (key) => read<RouteResults>(`routes/${key}/results`),
    come: async (key, address, headers = {}) =>
      visit(fleet.url, {
        host: key,
        headers: {
          "sec-fetch-dest": "document",
          "user-agent": FIREFOX,
          "cf-connecting-ip": address,
          ...headers,
        },
      }),
    async close() {
      await fleet.close();
      await Promise.all([old.close(), fresh.close()]);
    },
  };
}
