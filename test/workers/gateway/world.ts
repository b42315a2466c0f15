import { env } from "cloudflare:workers";

import { readConfig } from "../../../src/config/gateway.ts";
import { createGateway } from "../../../src/gateway/gateway.ts";
import { handle } from "../../../src/gateway/handle.ts";
import { KV_WAIT_MS } from "../../../src/gateway/load/policy-cache.ts";
import { workerPlatform } from "../../../src/gateway/platform.ts";

/** How long memory answers without asking KV (ms). */
export const TTL_MS = 10_000;
const NOW = Date.UTC(2026, 10, 23, 12);
/** Where the policies of these tests lead. */
export const ORIGIN = "https://one.example.com";

interface Options {
  readonly maxRoutes?: number;
  readonly tenantBy?: string;
  readonly metrics?: AnalyticsEngineDataset;
}

/** A gateway on real KV whose reads are counted, on a clock of the test's, before origins that always answer. */
export function world({ maxRoutes = 100, tenantBy = "host,path", metrics }: Options = {}) {
  const clock = { now: NOW };
  const kv = { reads: [] as string[][], broken: false, hangs: false };
  const logged: { message: string; details: Record<string, unknown> }[] = [];
  const behind: Promise<unknown>[] = [];
  const config = readConfig({
    ...env,
    ALLOW_PRIVATE_ORIGINS: "false",
    MEMORY_TTL_SECONDS: TTL_MS / 1000,
    MAX_ROUTES: maxRoutes,
    TENANT_BY: tenantBy,
  });
  const gateway = createGateway(
    config,
    {
      read: async (keys) => {
        kv.reads.push(keys);
        if (kv.broken) throw new Error("KV is away");
        if (kv.hangs) await scheduler.wait(2 * KV_WAIT_MS);
        return env.ROUTING_CONFIG.getWithMetadata(keys, { type: "text" });
      },
    },
    metrics,
    {
      ...workerPlatform,
      now: () => clock.now,
      fetch: async (url) => new Response(new URL(url).host),
      log: (_, message, details) => void logged.push({ message, details }),
    },
  );
  /** What a visitor of the URL gets: the origin's host or a problem's code, and the cookies set. */
  const visit = async (url: string, headers: Record<string, string> = {}) => {
    const request = new Request(url, { headers: { accept: "application/json", ...headers } });
    const response = await handle(request, gateway, (work) => void behind.push(work));
    const text = await response.text();
    const code = response.ok ? text : (JSON.parse(text) as { code: string }).code;
    return {
      code,
      version: response.headers.get("x-policy-version"),
      cookies: response.headers.getSetCookie(),
    };
  };
  const settle = async () => Promise.all(behind.splice(0));
  return { clock, kv, logged, visit, settle, gateway };
}

/** Puts a value to KV as somebody would by hand. */
export const put = async (key: string, value: unknown) =>
  env.ROUTING_CONFIG.put(key, typeof value === "string" ? value : JSON.stringify(value));
/** The policy of one origin. */
export const single = (host: string) => ({ origin: `https://${host}` });
