import { setTimeout as sleep } from "node:timers/promises";
import { MAX_TIMEOUT_MS } from "../../../src/policy/limits.ts";
import { guardedSplit } from "../counting.ts";
import { codeOf } from "../code.ts";
import { medianInterval, paired, type Interval } from "../interval.ts";
import type { Peers } from "../peers-client.ts";
import { HOST } from "../requests.ts";
import { say } from "../say.ts";
import { startWorker, type RunningWorker } from "../workerd.ts";
import { idleEvents, idleSockets, type Idle } from "./idle.ts";
import { startStreamOrigin, type StreamOrigin } from "./origin-client.ts";
import { download, upload } from "./transfer.ts";

export interface StreamOptions {
  readonly bytes: number;
  /** Transfers of each kind, one through the floor and one through the gateway each time. */
  readonly pairs: number;
  readonly connections: number;
  /** How long the connections do nothing (ms). */
  readonly idleMs: number;
}

interface Transfer {
  /** MiB a second through the gateway, and that over the floor's. */
  readonly speed: Interval;
  readonly overFloor: Interval;
  /** The most memory that the gateway took above what it had before the first (MiB), and the floor's same. */
  readonly grownMib: number;
  readonly floorGrownMib: number;
}

export interface Streams {
  readonly down: Transfer;
  readonly up: Transfer;
  /** Connections that still worked, of how many, and what each took of memory (KiB). */
  readonly sockets: { readonly answered: number; readonly kib: number };
  readonly events: { readonly answered: number; readonly kib: number };
}

const MIB = 2 ** 20;
const KIB = 2 ** 10;

/** How often memory is looked at (ms). */
const LOOK_MS = 20;

/** The most resident memory (bytes) while something runs. */
async function peakOf(worker: RunningWorker, work: () => Promise<number>) {
  let peak = worker.memory();
  const timer = setInterval(() => (peak = Math.max(peak, worker.memory())), LOOK_MS);
  try {
    const value = await work();
    return { value, peak: Math.max(peak, worker.memory()) };
  } finally {
    clearInterval(timer);
  }
}

type Way = (port: number) => Promise<number>;

async function transfers(
  floor: RunningWorker,
  ours: RunningWorker,
  pairs: number,
  way: Way,
): Promise<Transfer> {
  // One each that is not counted: connections, compiled code, buffers.
  for (const worker of [floor, ours]) await way(worker.port);
  const least = { floor: floor.memory(), ours: ours.memory() };
  const most = { ...least };
  const speeds: { floor: number[]; ours: number[] } = { floor: [], ours: [] };
  for (let pair = 0; pair < pairs; pair += 1) {
    say(`pair ${pair + 1} of ${pairs}`);
    for (const who of pair % 2 === 0
      ? (["floor", "ours"] as const)
      : (["ours", "floor"] as const)) {
      const worker = who === "floor" ? floor : ours;
      const { value, peak } = await peakOf(worker, () => way(worker.port));
      speeds[who].push(value);
      most[who] = Math.max(most[who], peak);
    }
  }
  return {
    speed: medianInterval(speeds.ours),
    overFloor: medianInterval(paired(speeds.ours, speeds.floor)),
    grownMib: (most.ours - least.ours) / MIB,
    floorGrownMib: (most.floor - least.floor) / MIB,
  };
}

async function idle(worker: RunningWorker, options: StreamOptions, open: () => Promise<Idle>) {
  const before = worker.memory();
  say(`${options.connections} connections that do nothing`);
  const all = await open();
  try {
    const kib = (worker.memory() - before) / KIB / options.connections;
    await sleep(options.idleMs);
    return { answered: await all.answering(), kib };
  } finally {
    all.close();
  }
}

async function startBoth(origin: StreamOrigin, peers: Peers) {
  const namespace = "streams";
  const policy = { ...guardedSplit(origin.url), timeoutMs: MAX_TIMEOUT_MS };
  await peers.fill(namespace, new Map([[HOST, JSON.stringify(policy)]]));
  const kv = { port: peers.kv, namespace };
  const floor = await startWorker({
    code: await codeOf("floor", false),
    vars: { TARGET: origin.url },
    kv,
  });
  const vars = { ALLOW_PRIVATE_ORIGINS: "true" };
  const ours = await startWorker({ code: await codeOf("switchyard", false), vars, kv });
  return { floor, ours };
}

/** Long bodies both ways, and connections that stay open, through the floor and the gateway. */
export async function measureStreams(options: StreamOptions, peers: Peers): Promise<Streams> {
  const origin = await startStreamOrigin();
  const { floor, ours } = await startBoth(origin, peers);
  try {
    const { bytes, pairs, connections } = options;
    return {
      down: await transfers(floor, ours, pairs, (port) => download(port, bytes)),
      up: await transfers(floor, ours, pairs, (port) => upload(port, bytes, origin)),
      sockets: await idle(ours, options, () => idleSockets(ours.port, connections)),
      events: await idle(ours, options, () => idleEvents(ours.port, connections, origin)),
    };
  } finally {
    // A workerd that is told to end waits for what is open: its origin goes first.
    origin.close();
    await Promise.all([floor.close(), ours.close()]);
  }
}
