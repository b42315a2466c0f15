import { once, type EventEmitter } from "node:events";
import { join } from "node:path";

import type * as Wrangler from "wrangler";

import { loadWrangler } from "./load-wrangler.ts";
import { openDoor } from "./door.ts";
import type { Bindings } from "./environment.ts";
import { LOOPBACK } from "./port.ts";

interface WorkerOptions {
  /** The Worker's configuration file. */
  readonly config: string;
  /** The folder that it was built into. */
  readonly directory: string;
  readonly bindings: Bindings;
  readonly port: number;
  /** Folder for its KV and ledgers. */
  readonly persist: string;
  /** Where Workers find each other. */
  readonly registry: string;
}

type Runtime = NonNullable<Wrangler.unstable_DevEnv["runtimes"][0]["mf"]>;

/** A Worker that runs. */
export interface RunningWorker {
  /** Asks it, under whatever name the URL has. */
  readonly fetch: Runtime["dispatchFetch"];
  /** Stops it and frees its port. */
  readonly stop: () => Promise<void>;
}

/**
 * What `wrangler dev` puts before its Worker, a Worker in a workerd of its own that keeps requests back while the code is
 * built anew: nothing is built anew here, and it would take as long to start as the Worker itself, and longer for
 * each request.
 */
export function standAside(proxy: Wrangler.unstable_DevEnv["proxy"]): void {
  const nothing = () => undefined;
  proxy.onConfigUpdate = nothing;
  proxy.onBundleStart = nothing;
  proxy.onReloadStart = nothing;
  proxy.onReloadComplete = nothing;
}

/** Runs a Worker that is built in a workerd of its own; resolves when it runs. Rejects where it cannot be run. */
export async function runWorker(options: WorkerOptions): Promise<RunningWorker> {
  // Loaded late: it reads its environment at load, and takes a second that `--help` need not wait.
  const { unstable_DevEnv: DevEnv } = loadWrangler();
  const devEnv = new DevEnv();
  standAside(devEnv.proxy);
  const { config, directory, bindings, port, persist, registry } = options;
  const server = { hostname: LOOPBACK, port };
  const started = devEnv.startWorker({
    config,
    entrypoint: join(directory, "index.js"),
    build: {
      bundle: false,
      findAdditionalModules: true,
      moduleRoot: directory,
      moduleRules: [{ type: "ESModule", globs: ["**/*.js"], fallthrough: true }],
    },
    bindings,
    dev: {
      server,
      persist,
      registry,
      logLevel: "warn",
      inspector: false,
      watch: false,
      remote: false,
    },
  });
  await Promise.race([failure(devEnv), Promise.all([once(devEnv, "reloadComplete"), started])]);
  const runtime = devEnv.runtimes[0]?.mf;
  if (runtime === undefined) throw new Error("wrangler started no local runtime");
  const { port: behind } = await runtime.ready;
  const door = await openDoor(port, Number(behind));
  return {
    fetch: runtime.dispatchFetch,
    async stop() {
      door.close();
      await devEnv.teardown();
    },
  };
}

/** Rejects when the Worker cannot be read or run: nothing else would then ever come to an end. */
async function failure(devEnv: EventEmitter): Promise<never> {
  return new Promise((_resolve, reject) => {
    devEnv.once("error", reject);
    devEnv.once("buildFailed", () => reject(new Error("the Worker cannot be read, see above.")));
  });
}
