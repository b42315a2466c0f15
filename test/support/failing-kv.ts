import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  startFleet,
  startGateway,
  type FleetOptions,
  type GatewayOptions,
  type TestFleet,
  type TestGateway,
} from "./gateway.ts";
import { visit } from "./jar.ts";
import { builtWorker, ENTRY } from "./worker-build.ts";

/** What KV does: its work, an error at once, or nothing at all. */
export type KvMode = "works" | "throws" | "hangs";

interface Switches {
  setKv(mode: KvMode): Promise<void>;
  /** The same for the hub, as the gateway meets it. */
  setHub(mode: KvMode): Promise<void>;
  /** Lets the gateway forget everything, as a new isolate. */
  forget(): Promise<void>;
}

export interface KvGateway extends TestGateway, Switches {}

export interface KvFleet extends TestFleet, Switches {}

/** A host no policy may have: requests to it set the mode. */
const SWITCH_HOST = "kv-switch.invalid";

/** Stands before the Worker and gives it bindings of KV and the hub that fail on command; all else is the real one. */
const switchFor = (entry: string) => `
import worker from "./${entry}";
export * from "./${entry}";

const modes = { kv: "works", hub: "works" };
const asked = (mode, work) => {
  if (mode === "throws") return Promise.reject(new Error("KV GET failed: 500 Internal Server Error"));
  return mode === "hangs" ? new Promise(() => {}) : work();
};
let switched;
const switchedEnv = (env) => switched ??= {
  ...env,
  ROUTING_CONFIG: {
    getWithMetadata: (...given) => asked(modes.kv, () => env.ROUTING_CONFIG.getWithMetadata(...given)),
  },
  HUB: { report: (...given) => asked(modes.hub, () => env.HUB.report(...given)) },
};
export default {
  ...worker,
  fetch(request, env, ctx) {
    const url = new URL(request.url);
    if (url.hostname !== "${SWITCH_HOST}") return worker.fetch(request, switchedEnv(env), ctx);
    const [, what, mode] = url.pathname.split("/");
    if (what === "forget") switched = undefined;
    else modes[what] = mode;
    return new Response();
  },
};
`;

function switches({ url }: TestGateway): Switches {
  const say = async (path: string) => void (await visit(url, { host: SWITCH_HOST, path }));
  return {
    setKv: async (mode) => say(`/kv/${mode}`),
    setHub: async (mode) => say(`/hub/${mode}`),
    forget: async () => say("/forget"),
  };
}

async function switched(entry: string = ENTRY): Promise<string> {
  const name = `switched-${entry}`;
  await writeFile(join(await builtWorker(), name), switchFor(entry));
  return name;
}

/** As startGateway, with a switch for KV's failures, which local KV never has by itself. */
export async function startKvGateway(options: GatewayOptions): Promise<KvGateway> {
  const gateway = await startGateway({ ...options, entry: await switched(options.entry) });
  return { ...gateway, ...switches(gateway) };
}

/** As startFleet, with the same switches before the gateway: control has the real KV. */
export async function startKvFleet(options: FleetOptions): Promise<KvFleet> {
  const fleet = await startFleet({ ...options, entry: await switched(options.entry) });
  return { ...fleet, ...switches(fleet) };
}
