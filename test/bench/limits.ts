import { openInspector } from "./inspector.ts";
import { CONNECTIONS, start, stop, type Running } from "./line.ts";
import type { Peers } from "./peers-client.ts";
import { table } from "./report.ts";
import type { Subject } from "./subjects.ts";

const MIB = 2 ** 20;

/** Bytes of an isolate's heap that are in use, rubbish cleared away. */
async function heapOf({ worker, load }: Running): Promise<number> {
  const inspector = await openInspector(worker.inspectorPort);
  await inspector.call("HeapProfiler.enable");
  const collected = inspector.call("HeapProfiler.collectGarbage");
  // An idle isolate puts the collection off until it next has something to do.
  await load.send(CONNECTIONS);
  await collected;
  const { usedSize } = (await inspector.call("Runtime.getHeapUsage")) as { usedSize: number };
  inspector.close();
  return usedSize;
}

/** The heap (bytes) of an isolate that has had these requests. */
async function heapAfter(subject: Subject, requests: readonly Buffer[], peers: Peers) {
  const running = await start({ ...subject, requests }, peers, requests.length, true);
  const bytes = await heapOf(running);
  await stop(running);
  return bytes;
}

/** The same keys, each with an experiment in place of its one origin. */
function splits(kv: ReadonlyMap<string, string>): Map<string, string> {
  return new Map(
    [...kv].map(([key, text]) => {
      const { origin } = JSON.parse(text) as { origin: string };
      const variants = ["control", "treatment"].map((name) => ({ name, origin, weight: 50 }));
      return [key, JSON.stringify({ strategy: "weighted", variants })];
    }),
  );
}

function find(all: readonly Subject[], name: string): Subject {
  const subject = all.find((one) => one.name === name);
  if (subject === undefined) throw new Error(`no line is called ${name}`);
  return subject;
}

/** What is measured once and not per request: memory, and the size of the control plane. */
export async function limits(all: readonly Subject[], peers: Peers): Promise<string> {
  const tenants = find(all, "10 000 tenants by path");
  const oneRoute = await heapAfter(tenants, tenants.requests.slice(0, 1), peers);
  const allRoutes = await heapAfter(tenants, tenants.requests, peers);
  const split = { ...tenants, name: "10 000 tenants, each with a split", kv: splits(tenants.kv) };
  const allSplits = await heapAfter(split, split.requests, peers);
  const map = find(all, "path-map of 10 000");
  const mapped = await heapAfter(map, map.requests.slice(0, 1), peers);
  const mib = (bytes: number) => (bytes / MIB).toFixed(1);
  return table(
    ["memory", "MiB"],
    [
      ["heap of an isolate with one route", mib(oneRoute)],
      ["10 000 single routes in memory, over that", mib(allRoutes - oneRoute)],
      ["10 000 splits of two in memory, over that", mib(allSplits - oneRoute)],
      ["one path-map of 10 000 prefixes, over that", mib(mapped - oneRoute)],
    ],
  );
}
