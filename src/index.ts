import { env as startEnv } from "cloudflare:workers";

import snapshot from "#snapshot";

import { readConfig, type GatewayEnv } from "./config/gateway.ts";
import { policySecrets } from "./config/policy-secrets.ts";
import { createGateway, type Gateway } from "./gateway/gateway.ts";
import { handle } from "./gateway/handle.ts";
import type { Sources } from "./gateway/load/policy-cache.ts";
import { isReserved } from "./gateway/resolve/reserved.ts";
import { requestIdOf } from "./gateway/respond/error-page.ts";
import { problem } from "./gateway/respond/problem.ts";
import { platformWith, workerPlatform } from "./gateway/platform.ts";

// A bad var stops start-up rather than the first request.
const { errorPages } = readConfig(startEnv);

const gateways = new WeakMap<GatewayEnv, Gateway>();

/** What this isolate keeps for an environment. */
function gatewayOf(env: GatewayEnv): Gateway {
  const known = gateways.get(env);
  if (known !== undefined) return known;
  const config = readConfig(env);
  const sources: Sources = {
    read: async (keys) =>
      env.ROUTING_CONFIG.getWithMetadata(keys, {
        type: "text",
        cacheTtl: config.kvCacheTtlSeconds,
      }),
    hub: env.HUB,
    openCopies: async () => caches.open("switchyard"),
    snapshot,
  };
  // Copies of answers have a cache of their own.
  const openEdge = async () => caches.open("switchyard-edge");
  const gateway = createGateway(
    config,
    { ...sources, openEdge },
    env.METRICS,
    platformWith(env, config.originBindings, policySecrets(env)),
  );
  gateways.set(env, gateway);
  return gateway;
}

/** The gateway: the data plane alone. The control plane is a Worker of its own, `src/control/index.ts`. */
export default {
  async fetch(request, env, ctx): Promise<Response> {
    // Whoever asks for the control plane here, where there is none, may have sent its token.
    if (isReserved(request.url)) return problem("route-not-found", request, errorPages);
    try {
      return await handle(request, gatewayOf(env), (work) => ctx.waitUntil(work));
    } catch (error) {
      // A fault of our own: the log is told everything, and the client nothing.
      const requestId = requestIdOf(request);
      workerPlatform.log("error", "a request failed inside the gateway", {
        requestId,
        error: error instanceof Error ? (error.stack ?? error.message) : String(error),
      });
      return problem("internal-error", request, errorPages, requestId);
    }
  },
} satisfies ExportedHandler<GatewayEnv>;
