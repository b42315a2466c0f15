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
import { STORED_MS } from "../../src/hub/measure/storing.ts";
import { shardName, shardOf } from "../../src/report/shard.ts";
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
  /** How often the gateway has asked either since it started, whatever came of it. */
  asked(): Promise<{ readonly kv: number; readonly hub: number }>;
}

export interface KvGateway extends TestGateway, Switches {}

export interface KvFleet extends TestFleet, Switches {
  /**
   * Ends the hub's object that keeps a route, with all that it has in memory and all calls under way; the next call starts
   * it from its storage. Gives the requests that it was told of and may not have stored yet.
   */
  restartHub(key: string): Promise<number>;
}

/** A host no policy may have: requests to it set the mode. */
const SWITCH_HOST = "kv-switch.invalid";

/** Stands before the Worker and gives it bindings of KV and the hub that fail on command; all else is the real one. */
const switchFor = (entry: string) => `
import worker from "./${entry}";
export * from "./${entry}";

const modes = { kv: "works", hub: "works" };
const calls = { kv: 0, hub: 0 };
const asked = (what, work) => {
  calls[what] += 1;
  if (modes[what] === "throws") return Promise.reject(new Error("KV GET failed: 500 Internal Server Error"));
  return modes[what] === "hangs" ? new Promise(() => {}) : work();
};
let switched;
const switchedEnv = (env) => switched ??= {
  ...env,
  ROUTING_CONFIG: {
    getWithMetadata: (...given) => asked("kv", () => env.ROUTING_CONFIG.getWithMetadata(...given)),
    put: (...given) => env.ROUTING_CONFIG.put(...given),
    delete: (...given) => env.ROUTING_CONFIG.delete(...given),
  },
  HUB: { report: (...given) => asked("hub", () => env.HUB.report(...given)) },
};
export default {
  ...worker,
  fetch(request, env, ctx) {
    const url = new URL(request.url);
    if (url.hostname !== "${SWITCH_HOST}") return worker.fetch(request, switchedEnv(env), ctx);
    const [, what, mode] = url.pathname.split("/");
    if (what === "forget") switched = undefined;
    else if (what in modes) modes[what] = mode;
    return Response.json(calls);
  },
};
`;

/** A shard stores what it was told every 10 s; its alarm may be late on a busy machine (ms). */
const UNSTORED_MS = STORED_MS + 2000;

/** Stands before the control plane: requests to that host end an object of the hub as an eviction, a deployment or a crash would; all else is the real one. */
const restarterFor = (entry: string) => `
import worker, { Hub as Shard } from "./${entry}";
export * from "./${entry}";

let told = [];
export class Hub extends Shard {
  async report(shard, text) {
    const { routes } = JSON.parse(text);
    told = told.filter(({ at }) => at >= Date.now() - ${UNSTORED_MS});
    told.push({ at: Date.now(), requests: routes.reduce((sum, { requests = 0 }) => sum + requests, 0) });
    return super.report(shard, text);
  }
  end() {
    this.ctx.abort("ended by a test");
  }
}
export default {
  ...worker,
  async fetch(request, env, ctx) {
    const url = new URL(request.url);
    if (url.hostname !== "${SWITCH_HOST}") return worker.fetch(request, env, ctx);
    await env.HUBS.getByName(url.pathname.slice(1)).end().catch(() => {});
    const unstored = told.filter(({ at }) => at >= Date.now() - ${UNSTORED_MS});
    told = [];
    return Response.json(unstored.reduce((sum, { requests }) => sum + requests, 0));
  },
};
`;

function switches({ url }: TestGateway): Switches {
  const ask = async (path: string) => (await visit(url, { host: SWITCH_HOST, path })).text();
  const say = async (path: string) => void (await ask(path));
  return {
    setKv: async (mode) => say(`/kv/${mode}`),
    setHub: async (mode) => say(`/hub/${mode}`),
    forget: async () => say("/forget"),
    asked: async () => JSON.parse(await ask("/asked")) as { kv: number; hub: number },
  };
}

async function switched(entry: string = ENTRY): Promise<string> {
  const name = `switched-${entry}`;
  await writeFile(join(await builtWorker(), name), switchFor(entry));
  return name;
}

async function restartable(entry: string = ENTRY): Promise<string> {
  const name = `restartable-${entry}`;
  await writeFile(join(await builtWorker("control"), name), restarterFor(entry));
  return name;
}

/** As startGateway, with a switch for KV's failures, which local KV never has by itself. */
export async function startKvGateway(options: GatewayOptions): Promise<KvGateway> {
  const gateway = await startGateway({ ...options, entry: await switched(options.entry) });
  return { ...gateway, ...switches(gateway) };
}

/** As startFleet, with the same switches before the gateway: control has the real KV. */
export async function startKvFleet(options: FleetOptions): Promise<KvFleet> {
  const { admin, entry } = options;
  const fleet = await startFleet({
    ...options,
    entry: await switched(entry),
    admin: { ...admin, entry: await restartable(admin.entry) },
  });
  const restartHub = async (key: string) => {
    const path = `/${shardName(shardOf(key))}`;
    return Number((await visit(fleet.control.url, { host: SWITCH_HOST, path })).text());
  };
  return { ...fleet, ...switches(fleet), restartHub };
}
