import { codeOf } from "./code.ts";
import { openLoad, type Load } from "./load.ts";
import { startNative } from "./native.ts";
import type { Peers } from "./peers-client.ts";
import type { Subject } from "./subjects.ts";
import { startWorker, type RunningWorker } from "./workerd.ts";

/** Keep-alive connections from the client, each with one request under way. */
export const CONNECTIONS = 32;

/**
 * Every line gets this many requests, then the next its own, and so on round and round: short enough (some 50 ms)
 * that what else the machine does falls on all of them alike.
 */
const SLICE = 250;

/** Sent before each slice and not counted: caches that the other lines have emptied are warm again. */
const SETTLE = 64;

/** Slices of one round. A round is long enough to hold its share of garbage collection, which a slice is not. */
export const SLICES = 10;

/** Requests of one line in one round of so many slices. */
const requestsOf = (slices: number): number => SLICE * slices;

/** One line of the table under way. */
export interface Running {
  readonly subject: Subject;
  readonly worker: RunningWorker;
  readonly load: Load;
  /** Per round: CPU of one request (µs), and requests per second. */
  readonly cpu: number[];
  readonly perSecond: number[];
  /** CPU of one request (µs), slice by slice. */
  readonly slices: number[];
  /** KV reads, and the requests they were for: those between the slices count here too. */
  kvReads: number;
  asked: number;
}

/** Starts a line's Worker; its namespace in `peers` is filled already. */
export async function startCode(
  { name, code, kv, vars, kvInside, kvBinding, hub }: Subject,
  peers: Peers,
  inspect: boolean,
): Promise<RunningWorker> {
  if (code === "nginx" || code === "haproxy") return startNative(code, peers.origin);
  return startWorker({
    code: await codeOf(code, inspect),
    vars:
      code === "switchyard" || code === "before"
        ? { ALLOW_PRIVATE_ORIGINS: "true", ...vars }
        : { TARGET: `http://127.0.0.1:${peers.origin}`, ...vars },
    kvBinding,
    kv:
      kvInside === true
        ? { code: await codeOf("kv-service", inspect), values: kv }
        : { port: peers.kv, namespace: name },
    ...(hub === true ? { hub: await codeOf("hub", inspect) } : {}),
    inspect,
  });
}

/** Starts a line's Worker and warms it up with that many requests, or one of each kind where those are more. `inspect` opens its inspector. */
export async function start(
  subject: Subject,
  peers: Peers,
  warmUp: number,
  inspect = false,
): Promise<Running> {
  await peers.fill(subject.name, subject.kv);
  const worker = await startCode(subject, peers, inspect);
  const load = openLoad(worker.port, subject.requests, CONNECTIONS);
  await load.send(Math.max(warmUp, subject.requests.length));
  return { subject, worker, load, cpu: [], perSecond: [], slices: [], kvReads: 0, asked: 0 };
}

interface Sum {
  cpu: number;
  seconds: number;
}

async function slice({ worker, load, slices }: Running, sum: Sum): Promise<void> {
  await load.send(SETTLE);
  const before = worker.cpu();
  sum.seconds += await load.send(SLICE);
  const cpu = worker.cpu() - before;
  slices.push(cpu / SLICE);
  sum.cpu += cpu;
}

/** One round of every line, slice by slice. */
export async function round(
  all: readonly Running[],
  peers: Peers,
  slices: number = SLICES,
): Promise<void> {
  const sums = all.map(() => ({ cpu: 0, seconds: 0 }));
  const reads = [];
  for (const { subject } of all) reads.push(await peers.reads(subject.name));
  for (let index = 0; index < slices; index += 1) {
    for (let step = 0; step < all.length; step += 1) {
      // Begun elsewhere each time: no line always follows the same neighbour.
      const at = (step + index * 5) % all.length;
      const [running, sum] = [all[at], sums[at]];
      if (running !== undefined && sum !== undefined) await slice(running, sum);
    }
  }
  for (const [at, running] of all.entries()) {
    const { cpu, seconds } = sums[at] ?? { cpu: 0, seconds: 0 };
    running.cpu.push(cpu / requestsOf(slices));
    running.perSecond.push(requestsOf(slices) / seconds);
    running.asked += slices * (SLICE + SETTLE);
    running.kvReads += (await peers.reads(running.subject.name)) - (reads[at] ?? 0);
  }
}

/** Ends a line's Worker and its connections. */
export async function stop({ load, worker }: Running): Promise<void> {
  load.close();
  await worker.close();
}
