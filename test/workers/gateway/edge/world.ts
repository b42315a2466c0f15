import { env } from "cloudflare:workers";

import { readConfig } from "../../../../src/config/gateway.ts";
import type { OpenCache } from "../../../../src/gateway/cache/edge-cache.ts";
import { createGateway } from "../../../../src/gateway/gateway.ts";
import { handle } from "../../../../src/gateway/handle.ts";
import { workerPlatform } from "../../../../src/gateway/platform.ts";
import type { HubWire } from "../../../../src/report/wire.ts";

export const HOST = "shop.example.com";
/** Waits of the hub, and not of the cache (ms). */
const LONG_MS = 500;
const NOW = Date.UTC(2026, 10, 23, 12);

/** What an origin got. */
export interface Asked {
  readonly url: URL;
  readonly headers: Headers;
  readonly method: string;
}

/** What an origin answers. */
export type Origin = (asked: Asked) => Response | Promise<Response>;

/** Names its variant's origin, so that a page tells whose it is. */
const named: Origin = ({ url }) => new Response(url.host);

interface Options {
  readonly origin?: Origin;
  readonly vars?: Readonly<Record<string, string>>;
  /** Workerd's own cache, unless a test has a worse one. */
  readonly openEdge?: OpenCache | undefined;
  /** With it nothing is over before time passes: `pass` lets it, and `ask`, which waits for the end, is of no use. */
  readonly hub?: HubWire;
}

let opened = 0;

/** Workerd's own Cache API, a cache of its own for each world: nobody meets what another test has kept. */
export function ownCache(): OpenCache {
  opened += 1;
  const name = `edge-${opened}`;
  return async () => caches.open(name);
}

/** The gateway with workerd's Cache API, on a clock of the test's, before origins of the test's. */
export function world(policies: Readonly<Record<string, unknown>>, options: Options = {}) {
  const clock = { now: NOW };
  const asked: Asked[] = [];
  const logged: string[] = [];
  const behind: Promise<unknown>[] = [];
  const texts = new Map<string, string>();
  const put = (key: string, policy: unknown) => texts.set(key, JSON.stringify(policy));
  for (const [key, policy] of Object.entries(policies)) put(key, policy);
  const sleepers: { readonly at: number; readonly wake: () => void }[] = [];
  /** What is long is a matter of the test's clock. */
  const sleep = async (ms: number, signal?: AbortSignal): Promise<void> =>
    ms < LONG_MS
      ? workerPlatform.sleep(ms, signal)
      : new Promise((wake) => void sleepers.push({ at: clock.now + ms, wake }));
  const pass = (ms: number): void => {
    clock.now += ms;
    for (const { at, wake } of sleepers) if (at <= clock.now) wake();
  };
  const origin = { answers: options.origin ?? named };
  const openEdge = "openEdge" in options ? options.openEdge : ownCache();
  const gateway = createGateway(
    readConfig({ ...env, MEMORY_TTL_SECONDS: "1", ...options.vars }),
    {
      read: async (keys) =>
        new Map(keys.map((key) => [key, { value: texts.get(key) ?? null, metadata: null }])),
      ...(openEdge && { openEdge }),
      ...(options.hub && { hub: options.hub }),
    },
    undefined,
    {
      ...workerPlatform,
      now: () => clock.now,
      sleep: options.hub === undefined ? workerPlatform.sleep : sleep,
      fetch: async (url, init) => {
        const one = {
          url: new URL(url),
          headers: new Headers(init.headers),
          method: init.method ?? "GET",
        };
        asked.push(one);
        return origin.answers(one);
      },
      log: (_, message) => void logged.push(message),
    },
  );
  const settle = async () => Promise.all(behind.splice(0));
  const open = async (path: string, init: RequestInit = {}, host = HOST) =>
    handle(new Request(`https://${host}${path}`, init), gateway, (work) => void behind.push(work));
  /** One answer, read whole, after which everything behind it is done. */
  const ask = async (path: string, init: RequestInit = {}, host = HOST) => {
    const before = asked.length;
    const response = await open(path, init, host);
    const text = await response.text();
    await settle();
    const { status, headers } = response;
    return {
      status,
      headers,
      text,
      variant: headers.get("x-variant"),
      /** Whether the origin was asked. */
      asked: asked.length - before,
      told: headers.get("cache-status"),
    };
  };
  return { clock, pass, asked, logged, origin, put, open, ask, settle };
}

export const A = "https://a.example";
export const B = "https://b.example";

/** A split of two halves that keeps copies. */
export const halves = (fields: object = {}) => ({
  strategy: "weighted",
  variants: [
    { name: "a", origin: A, weight: 1 },
    { name: "b", origin: B, weight: 1 },
  ],
  cache: { ttlSeconds: 60 },
  ...fields,
});

/** One origin that keeps copies. */
export const one = (fields: object = {}) => ({ origin: A, cache: { ttlSeconds: 60 }, ...fields });
