/** The gateway without its control plane: never run, only weighed. */
import { readConfig, type Env } from "../../../src/config.ts";
import { createGateway } from "../../../src/gateway/gateway.ts";
import { handle } from "../../../src/gateway/handle.ts";
import { platform } from "../../../src/gateway/seams.ts";

export default {
  fetch(request, env, context) {
    const config = readConfig(env);
    const read = async (keys: string[]) => env.ROUTING_CONFIG.get(keys, { type: "text" });
    const gateway = createGateway(config, read, env.METRICS, platform);
    return handle(request, gateway, (work) => context.waitUntil(work));
  },
} satisfies ExportedHandler<Env>;
