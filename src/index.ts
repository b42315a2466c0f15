import { env as startEnv } from "cloudflare:workers";

import { readConfig, type Env } from "./config.ts";
import { administer, isReserved } from "./control/plane.ts";
import { createGateway, type Gateway } from "./gateway/gateway.ts";
import { handle } from "./gateway/handle.ts";
import { problem } from "./gateway/problem.ts";
import { platform } from "./gateway/seams.ts";

// A bad var stops start-up rather than the first request.
readConfig(startEnv);

const gateways = new WeakMap<Env, Gateway>();

function gatewayOf(env: Env): Gateway {
  const known = gateways.get(env);
  if (known !== undefined) return known;
  const config = readConfig(env);
  const read = async (keys: string[]) =>
    env.ROUTING_CONFIG.get(keys, { type: "text", cacheTtl: config.kvCacheTtlSeconds });
  const gateway = createGateway(config, read, env.METRICS, platform);
  gateways.set(env, gateway);
  return gateway;
}

export { Ledger } from "./control/ledger/ledger.ts";

export default {
  async fetch(request, env, ctx): Promise<Response> {
    try {
      if (isReserved(request.url)) {
        const answer = await administer(request, env, ctx.access, gatewayOf(env).config);
        return answer ?? problem("route-not-found", request);
      }
      return await handle(request, gatewayOf(env), (work) => ctx.waitUntil(work));
    } catch (error) {
      platform.log("error", "a request failed inside the gateway", {
        error: error instanceof Error ? (error.stack ?? error.message) : String(error),
      });
      return problem("internal-error", request);
    }
  },
} satisfies ExportedHandler<Env>;
