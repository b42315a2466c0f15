import { medianInterval, showInterval, type Interval } from "./interval.ts";
import { startCode } from "./line.ts";
import { openLoad } from "./load.ts";
import type { Peers } from "./peers-client.ts";
import { table } from "./report.ts";
import type { Subject } from "./subjects.ts";

/** CPU of a workerd that has just been started (ms), start by start. */
export interface Cold {
  readonly name: string;
  /** Until it listens: the script is compiled, and has run once. */
  readonly startUp: number[];
  /** From then until its first answer was there. */
  readonly first: number[];
  /** From then until its second answer was there, for the same request. */
  readonly second: number[];
}

async function startOnce(subject: Subject, peers: Peers, cold: Cold): Promise<void> {
  const worker = await startCode(subject, peers, false);
  const load = openLoad(worker.port, subject.requests.slice(0, 1), 1);
  try {
    const listening = worker.cpu();
    await load.send(1);
    const answered = worker.cpu();
    await load.send(1);
    cold.startUp.push(listening / 1000);
    cold.first.push((answered - listening) / 1000);
    cold.second.push((worker.cpu() - answered) / 1000);
  } finally {
    load.close();
    await worker.close();
  }
}

/** Starts each line `runs` times, in turns. */
export async function measureCold(
  subjects: readonly Subject[],
  peers: Peers,
  runs: number,
): Promise<Cold[]> {
  const all = subjects.map(({ name }): Cold => ({ name, startUp: [], first: [], second: [] }));
  for (const subject of subjects) await peers.fill(subject.name, subject.kv);
  for (let run = 0; run < runs; run += 1) {
    for (const [index, subject] of subjects.entries()) {
      const cold = all[index];
      if (cold !== undefined) await startOnce(subject, peers, cold);
    }
  }
  return all;
}

/** What a line takes over another, start by start (ms). */
export function coldOver(
  all: readonly Cold[],
  name: string,
  base: string,
  of: "startUp" | "first",
): Interval {
  const values = (wanted: string) => all.find((one) => one.name === wanted)?.[of] ?? [];
  const least = values(base);
  return medianInterval(values(name).map((value, index) => value - (least[index] ?? Number.NaN)));
}

/** The cold starts as a table, over the floor's. */
export function showCold(all: readonly Cold[], floor: string, sizes: ReadonlyMap<string, number>) {
  const rows = all.map(({ name, startUp, first }) => {
    const isFloor = name === floor;
    const cell = (of: "startUp" | "first") =>
      showInterval(
        isFloor ? medianInterval(of === "first" ? first : startUp) : coldOver(all, name, floor, of),
        1,
      );
    const size = sizes.get(name);
    return [
      isFloor ? `${name}, whole` : `${name}, over that`,
      cell("startUp"),
      cell("first"),
      size === undefined ? "" : size.toFixed(1),
    ];
  });
  return table(["cold, CPU ms", "start-up", "first request", "bundle, gzip KiB"], rows);
}

/** The same, whole, and the least beside the median: what else the machine does only ever adds, so that the least of many starts is what a start costs by itself. */
export function showLeast(all: readonly Cold[]): string {
  const cell = (values: readonly number[]) =>
    `${Math.min(...values).toFixed(1)}, ${medianInterval(values).median.toFixed(1)}`;
  return table(
    ["CPU ms, least and median", "start-up", "first request", "second request"],
    all.map(({ name, startUp, first, second }) => [name, cell(startUp), cell(first), cell(second)]),
  );
}
