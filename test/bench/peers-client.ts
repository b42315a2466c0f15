import { fork } from "node:child_process";
import { once } from "node:events";
import type { Order, Ready } from "./peers.ts";

/** The origin and the KV namespaces of one run. */
export interface Peers {
  /** Ports on 127.0.0.1. */
  readonly origin: number;
  readonly kv: number;
  fill(namespace: string, values: ReadonlyMap<string, string>): Promise<void>;
  /** KV reads so far; a read of many keys is one operation, as it is billed. */
  reads(namespace: string): Promise<number>;
  close(): void;
}

/** Starts them in a process of their own. Orders are answered in turn: wait for one before you give the next. */
export async function startPeers(): Promise<Peers> {
  const child = fork(new URL("peers.ts", import.meta.url), { stdio: "inherit" });
  const [ready] = (await once(child, "message")) as [Ready];
  const ask = async (order: Order): Promise<number> => {
    const answered = once(child, "message") as Promise<[{ reads: number }]>;
    child.send(order);
    const [{ reads }] = await answered;
    return reads;
  };
  return {
    origin: ready.origin,
    kv: ready.kv,
    fill: async (namespace, values) => {
      await ask({ fill: namespace, values: [...values] });
    },
    reads: (namespace) => ask({ count: namespace }),
    close: () => child.disconnect(),
  };
}
