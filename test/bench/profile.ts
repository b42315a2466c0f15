/** `npm run bench:profile -- "<line>"`: where the JavaScript of one line of the bench spends its time, and what it allocates. */
import { mkdir, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { allocationsOf } from "./allocations.ts";
import { contenders } from "./contenders.ts";
import { RETURNING } from "./counting.ts";
import { openInspector } from "./inspector.ts";
import { start, stop } from "./line.ts";
import { startPeers } from "./peers-client.ts";
import { table } from "./report.ts";
import { subjects } from "./subjects.ts";

interface ProfileNode {
  readonly id: number;
  readonly callFrame: {
    readonly functionName: string;
    readonly url: string;
    readonly lineNumber: number;
  };
}

interface Profile {
  readonly nodes: readonly ProfileNode[];
  readonly samples: readonly number[];
}

const REQUESTS = 15_000;
const INTERVAL_US = 200;
const LINES = 40;
const ALLOCATING_REQUESTS = 5000;

/** Functions by the share of samples that fell into themselves, not into what they called. */
function selfTimes({ nodes, samples }: Profile): string[][] {
  const names = new Map(
    nodes.map(({ id, callFrame: { functionName, lineNumber } }) => [
      id,
      `${functionName === "" ? "(anonymous)" : functionName}:${lineNumber + 1}`,
    ]),
  );
  const counts = new Map<string, number>();
  for (const sample of samples) {
    const name = names.get(sample) ?? "?";
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const busy = samples.length - (counts.get("(idle):0") ?? 0);
  return [...counts]
    .filter(([name]) => name !== "(idle):0")
    .toSorted(([, a], [, b]) => b - a)
    .slice(0, LINES)
    .map(([name, count]) => [name, ((count / busy) * 100).toFixed(1)]);
}

const { positionals } = parseArgs({ allowPositionals: true });
const peers = await startPeers();
try {
  const origin = `http://127.0.0.1:${peers.origin}`;
  const all = [...contenders(origin), ...subjects(origin)];
  const subject = all.find(({ name }) => name === (positionals[0] ?? RETURNING));
  if (subject === undefined)
    throw new Error(
      `no such line; there are: ${[...new Set(all.map(({ name }) => name))].join("; ")}`,
    );
  const running = await start(subject, peers, REQUESTS, true);
  const inspector = await openInspector(running.worker.inspectorPort);
  const allocations = await allocationsOf(inspector, async () =>
    running.load.send(ALLOCATING_REQUESTS),
  );
  await inspector.call("Profiler.enable");
  await inspector.call("Profiler.setSamplingInterval", { interval: INTERVAL_US });
  await inspector.call("Profiler.start");
  await running.load.send(REQUESTS);
  const { profile } = (await inspector.call("Profiler.stop")) as { profile: Profile };
  inspector.close();
  await stop(running);
  const folder = new URL("../../dist/", import.meta.url);
  await mkdir(folder, { recursive: true });
  const file = fileURLToPath(new URL("bench.cpuprofile", folder));
  await writeFile(file, JSON.stringify(profile));
  const times = table(["function:line of the bundle", "% of busy time"], selfTimes(profile));
  const perRequest = (bytes: number) => (bytes / ALLOCATING_REQUESTS).toFixed(0);
  const allocated = [...allocations.byFunction]
    .toSorted(([, a], [, b]) => b - a)
    .slice(0, LINES)
    .map(([name, bytes]) => [name, perRequest(bytes)]);
  console.log(
    [
      `${subject.name}, ${profile.samples.length} samples`,
      times,
      `It allocates ${perRequest(allocations.bytes)} bytes a request:`,
      table(["function:line of the bundle", "bytes a request"], allocated),
      `The whole profile, for a browser's developer tools: ${file}`,
    ].join("\n\n"),
  );
} finally {
  peers.close();
}
