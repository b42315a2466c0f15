import { env as startEnv } from "cloudflare:workers";

import { readConfig, type Env } from "./config.ts";
import { createGateway, type Gateway } from "./gateway/gateway.ts";
import { handle } from "./gateway/handle.ts";
import { isReserved } from "./gateway/resolve/reserved.ts";
import { problem } from "./gateway/respond/problem.ts";
import { workerPlatform } from "./gateway/platform.ts";

// A bad var stops start-up rather than the first request.
readConfig(startEnv);

const gateways = new WeakMap<Env, Gateway>();

/** What this isolate keeps for an environment. */
export function gatewayOf(env: Env): Gateway {
  const known = gateways.get(env);
  if (known !== undefined) return known;
  const config = readConfig(env);
  const read = async (keys: string[]) =>
    env.ROUTING_CONFIG.get(keys, { type: "text", cacheTtl: config.kvCacheTtlSeconds });
  const gateway = createGateway(config, read, env.METRICS, workerPlatform);
  gateways.set(env, gateway);
  return gateway;
}

/** Runs `work`; a fault of our own becomes a 500 that tells the log everything and the client nothing. */
export async function guarded(request: Request, work: () => Promise<Response>): Promise<Response> {
  try {
    return await work();
  } catch (error) {
    workerPlatform.log("error", "a request failed inside the gateway", {
      error: error instanceof Error ? (error.stack ?? error.message) : String(error),
    });
    return problem("internal-error", request);
  }
}

/**
 * The data plane alone, as a Worker of its own: for teams that deploy the control plane apart from
 * what carries their traffic, or that write KV by other means.
 */
export default {
  async fetch(request, env, ctx): Promise<Response> {
    // Whoever asks the control plane here, where there is none, may have sent its token.
    if (isReserved(request.url)) return problem("route-not-found", request);
    return guarded(request, async () =>
      handle(request, gatewayOf(env), (work) => ctx.waitUntil(work)),
    );
  },
} satisfies ExportedHandler<Env>;
