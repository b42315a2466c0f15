import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { shardOf } from "../../src/report/shard.ts";
import type { HubWire, Report } from "../../src/report/wire.ts";
import { visit } from "./jar.ts";
import { KV_HOST } from "./worker-build.ts";
import { startWorker, type TestWorker } from "./worker.ts";

export interface GatewayOptions {
  /** Key → value in KV. A string is stored as it is, anything else as JSON. */
  readonly policies: Readonly<Record<string, unknown>>;
  /** Over the vars of the Workers' files. ALLOW_PRIVATE_ORIGINS is "true" unless said otherwise: origins are on loopback. */
  readonly vars?: Readonly<Record<string, string>>;
  readonly secrets?: Readonly<Record<string, string>>;
  /** A module of the built Worker's folder to start with; the default is the one that logs rejections. */
  readonly entry?: string;
  /** Whether an inspector may be opened. */
  readonly inspect?: boolean;
}

export interface FleetOptions extends GatewayOptions {
  /** What the control plane alone is given: who may call it, and where. */
  readonly admin: {
    readonly vars?: Readonly<Record<string, string>>;
    readonly secrets?: Readonly<Record<string, string>>;
    /** As of the gateway. */
    readonly entry?: string;
  };
}

export interface TestGateway extends TestWorker {
  /**
   * Stores a value, as in GatewayOptions.policies. Local KV has no cache: the next read has it, whatever its
   * `cacheTtl`. The gateway's own memory keeps the old one for MEMORY_TTL_SECONDS.
   */
  put(key: string, value: unknown): Promise<void>;
  delete(key: string): Promise<void>;
}

/** The control plane alone, and KV, to which it writes as a gateway does. */
export interface TestControl extends TestWorker, Pick<TestGateway, "put" | "delete"> {}

/** Both Workers. What is said of the gateway stands here, as where it runs alone. */
export interface TestFleet extends TestGateway {
  readonly control: Omit<TestWorker, "close">;
  /** Reports as an isolate of the gateway does: over its binding. */
  report(report: Report): Promise<void>;
  /** Where an inspector of the gateway is found, with `inspect`. */
  inspectorPort(): Promise<number>;
}

/** What a key is to have in KV; `null` for nothing. */
type Entry = readonly [key: string, value: string | null];

const stored = (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value));

/** Writes to KV through a Worker. Its entry must pass on what is for {@link KV_HOST}. */
async function write(url: string, entries: readonly Entry[]): Promise<void> {
  const answer = await visit(url, {
    method: "POST",
    host: KV_HOST,
    path: "/",
    body: JSON.stringify(entries),
  });
  if (answer.status !== 200) throw new Error(`KV took nothing: ${answer.status} ${answer.text()}`);
}

async function fill(url: string, policies: GatewayOptions["policies"]): Promise<void> {
  const entries = Object.entries(policies).map(([key, value]) => [key, stored(value)] as const);
  if (entries.length > 0) await write(url, entries);
}

const writes = (url: string) => ({
  put: async (key: string, value: unknown) => write(url, [[key, stored(value)]]),
  delete: async (key: string) => write(url, [[key, null]]),
});

/** A folder that is gone once what was started in it has been closed, or has not started. */
async function inFolder<T extends TestWorker>(start: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), "switchyard-run-"));
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
    const started = await start(folder);
    const close = async () => {
      await started.close();
      await remove();
    };
    return { ...started, close };
  } catch (error) {
    await remove();
    throw error;
  }
}

/**
 * Starts the gateway alone, with an empty local KV filled with `policies`: its hub is nowhere. Rejects with what the
 * Worker said if it does not start. Several may run at once.
 */
export async function startGateway(options: GatewayOptions): Promise<TestGateway> {
  return inFolder(async (registry) => {
    const { worker } = await startWorker("gateway", { ...options, registry });
    await fill(worker.url, options.policies);
    return { ...worker, ...writes(worker.url) };
  });
}

/** The control plane of a fleet, in a folder that its gateway may share, and where in it. */
async function controlIn(folder: string, { admin, vars, secrets, policies }: FleetOptions) {
  const places = { persist: join(folder, "state"), registry: join(folder, "registry") };
  const { worker } = await startWorker("control", {
    ...places,
    vars: { ...vars, ...admin.vars },
    secrets: { ...secrets, ...admin.secrets },
    entry: admin.entry,
  });
  try {
    await fill(worker.url, policies);
  } catch (error) {
    await worker.close();
    throw error;
  }
  return { worker, places };
}

/** Starts the control plane of a fleet alone: half of it, for those who call its API and visit no page. */
export async function startControl(options: FleetOptions): Promise<TestControl> {
  return inFolder(async (folder) => {
    const { worker } = await controlIn(folder, options);
    return { ...worker, ...writes(worker.url) };
  });
}

/**
 * Starts both Workers, each in a workerd of its own and on a port of its own, over one KV. Of the two processes one
 * writes to KV, as local KV wants it: the control plane's, for the tests too.
 */
export async function startFleet(fleet: FleetOptions): Promise<TestFleet> {
  return inFolder(async (folder) => {
    const { worker: control, places } = await controlIn(folder, fleet);
    try {
      const { worker: gateway, ...inside } = await startWorker("gateway", {
        ...fleet,
        ...places,
      });
      const { bindings, inspectorPort } = inside;
      const close = async () => void (await Promise.all([gateway.close(), control.close()]));
      const report = async (one: Report) => {
        const { HUB } = (await bindings()) as { HUB: HubWire };
        await HUB.report(shardOf(one.routes[0]?.key ?? ""), JSON.stringify(one));
      };
      return { ...gateway, ...writes(control.url), control, report, inspectorPort, close };
    } catch (error) {
      await control.close();
      throw error;
    }
  });
}
