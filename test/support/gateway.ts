import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { shardOf } from "../../src/report/shard.ts";
import type { HubWire, Report } from "../../src/report/wire.ts";
import { startWorker, type TestWorker } from "./worker.ts";

/** Writes in flight at a time while KV is filled: enough to keep one process busy. */
const KV_BATCH = 50;

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

/** Both Workers. What is said of the gateway stands here, as where it runs alone. */
export interface TestFleet extends TestGateway {
  readonly control: Omit<TestWorker, "close">;
  /** Reports as an isolate of the gateway does: over its binding. */
  report(report: Report): Promise<void>;
  /** Where an inspector of the gateway is found, with `inspect`. */
  inspectorPort(): Promise<number>;
}

type Kv = Awaited<ReturnType<typeof startWorker>>["kv"];

const stored = (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value));

async function fill(kv: Kv, policies: GatewayOptions["policies"]): Promise<void> {
  const entries = Object.entries(policies);
  for (let i = 0; i < entries.length; i += KV_BATCH) {
    const batch = entries.slice(i, i + KV_BATCH);
    await Promise.all(batch.map(([key, value]) => kv.put(key, stored(value))));
  }
}

const writes = (kv: Kv) => ({
  put: (key: string, value: unknown) => kv.put(key, stored(value)),
  delete: (key: string) => kv.delete(key),
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
    const { worker, kv } = await startWorker("gateway", { ...options, registry });
    await fill(kv, options.policies);
    return { ...worker, ...writes(kv) };
  });
}

/**
 * Starts both Workers, each in a workerd of its own and on a port of its own, over one KV. Of the two processes one
 * writes to KV, as local KV wants it: the control plane's, for the tests too.
 */
export async function startFleet({ admin, ...options }: FleetOptions): Promise<TestFleet> {
  return inFolder(async (folder) => {
    const places = { persist: join(folder, "state"), registry: join(folder, "registry") };
    const { worker: control, kv } = await startWorker("control", {
      ...places,
      vars: { ...options.vars, ...admin.vars },
      secrets: { ...options.secrets, ...admin.secrets },
      entry: admin.entry,
    });
    try {
      await fill(kv, options.policies);
      const { worker: gateway, ...inside } = await startWorker("gateway", {
        ...options,
        ...places,
      });
      const { bindings, inspectorPort } = inside;
      const close = async () => void (await Promise.all([gateway.close(), control.close()]));
      const report = async (one: Report) => {
        const { HUB } = (await bindings()) as { HUB: HubWire };
        await HUB.report(shardOf(one.routes[0]?.key ?? ""), JSON.stringify(one));
      };
      return { ...gateway, ...writes(kv), control, report, inspectorPort, close };
    } catch (error) {
      await control.close();
      throw error;
    }
  });
}
