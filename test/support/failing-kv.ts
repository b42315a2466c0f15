import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { startGateway, type GatewayOptions, type TestGateway } from "./gateway.ts";
import { visit } from "./jar.ts";
import { builtWorker, ENTRY } from "./worker-build.ts";

/** What KV does: its work, an error at once, or nothing at all. */
export type KvMode = "works" | "throws" | "hangs";

export interface KvGateway extends TestGateway {
  setKv(mode: KvMode): Promise<void>;
}

const SWITCHED_ENTRY = "switched-kv.js";

/** A host no policy may have: requests to it set the mode. */
const SWITCH_HOST = "kv-switch.invalid";

/** Stands before the Worker and gives it a KV binding that fails on command; all else is the real one. */
const SWITCH = `
import worker from "./${ENTRY}";
export * from "./${ENTRY}";

let mode = "works";
let switched;
const switchedEnv = (env) => switched ??= {
  ...env,
  ROUTING_CONFIG: {
    getWithMetadata(...asked) {
      if (mode === "throws") return Promise.reject(new Error("KV GET failed: 500 Internal Server Error"));
      if (mode === "hangs") return new Promise(() => {});
      return env.ROUTING_CONFIG.getWithMetadata(...asked);
    },
  },
};
export default {
  ...worker,
  fetch(request, env, ctx) {
    const url = new URL(request.url);
    if (url.hostname !== "${SWITCH_HOST}") return worker.fetch(request, switchedEnv(env), ctx);
    mode = url.pathname.slice(1);
    return new Response(mode);
  },
};
`;

/** As startGateway, with a switch for KV's failures, which local KV never has by itself. */
export async function startKvGateway(options: GatewayOptions): Promise<KvGateway> {
  await writeFile(join(await builtWorker(), SWITCHED_ENTRY), SWITCH);
  const gateway = await startGateway({ ...options, entry: SWITCHED_ENTRY });
  return {
    ...gateway,
    async setKv(mode) {
      await visit(gateway.url, { host: SWITCH_HOST, path: `/${mode}` });
    },
  };
}
