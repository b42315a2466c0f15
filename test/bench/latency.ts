import { medianInterval, showInterval, type Interval } from "./interval.ts";
import type { Running } from "./line.ts";
import { arrivals, openLoop } from "./open-loop.ts";
import { uniform } from "./draws.ts";
import { quantile, table } from "./report.ts";

/** Shares of the capacity that are asked for. */
const LOADS = [0.2, 0.5, 0.8] as const;

const QUANTILES = { p50: 0.5, p99: 0.99 } as const;
type Of = keyof typeof QUANTILES;

/** What one line's windows at one load had at a quantile (ms), round by round. */
interface Windows {
  readonly line: string;
  readonly load: number;
  readonly p50: number[];
  readonly p99: number[];
  unanswered: number;
}

export interface Latencies {
  /** Requests a second that are the whole. */
  readonly capacity: number;
  readonly windows: readonly Windows[];
  /** The client's own lateness at its 99th percentile (ms). */
  readonly late: number;
}

/** One seed for each round: every line gets the same arrivals. */
const SEED = 20_181;

/** Every line at every load in turns, `rounds` times a window of so many seconds. */
export async function measureLatency(
  all: readonly Running[],
  capacity: number,
  rounds: number,
  seconds: number,
): Promise<Latencies> {
  const windows = all.flatMap(({ subject }) =>
    LOADS.map((load): Windows => ({ line: subject.name, load, p50: [], p99: [], unanswered: 0 })),
  );
  const late: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    for (const load of LOADS) {
      const due = arrivals(capacity * load, seconds, uniform(SEED + round));
      for (let step = 0; step < all.length; step += 1) {
        const running = all[(step + round) % all.length];
        const window = windows.find(
          (one) => one.line === running?.subject.name && one.load === load,
        );
        if (running === undefined || window === undefined) continue;
        const seen = await openLoop(running.worker.port, running.subject.requests, due);
        window.p50.push(quantile(seen.latencies, QUANTILES.p50));
        window.p99.push(quantile(seen.latencies, QUANTILES.p99));
        window.unanswered += seen.unanswered;
        late.push(quantile(seen.late, QUANTILES.p99));
      }
    }
  }
  return { capacity, windows, late: quantile(late, 0.5) };
}

function valuesOf({ windows }: Latencies, line: string, load: number, of: Of): readonly number[] {
  return windows.find((one) => one.line === line && one.load === load)?.[of] ?? [];
}

/** What a line adds to the floor's latency (ms), round by round. */
function added(all: Latencies, floor: string, line: string, load: number, of: Of): number[] {
  const base = valuesOf(all, floor, load, of);
  return valuesOf(all, line, load, of).map((value, round) => value - (base[round] ?? Number.NaN));
}

/**
 * How far a line's added latency is above `factor` times another's (ms), round by round: at most 0 where it keeps to
 * it. A difference, for a ratio of two small differences has no end where the lower one is near 0.
 */
export function excess(
  all: Latencies,
  lines: { readonly floor: string; readonly line: string; readonly than: string },
  factor: number,
  load: number,
): Interval {
  const than = added(all, lines.floor, lines.than, load, "p99");
  return medianInterval(
    added(all, lines.floor, lines.line, load, "p99").map(
      (value, round) => value - factor * (than[round] ?? Number.NaN),
    ),
  );
}

/** The latencies as a table: the floor's own, and what the others add to it. */
export function showLatency(all: Latencies, floor: string): string {
  const lines = [...new Set(all.windows.map(({ line }) => line))];
  const cells = (line: string) =>
    LOADS.flatMap((load) =>
      (["p50", "p99"] as const).map((of) =>
        showInterval(
          medianInterval(
            line === floor ? valuesOf(all, line, load, of) : added(all, floor, line, load, of),
          ),
          2,
        ),
      ),
    );
  const head = LOADS.flatMap((load) => ["p50", "p99"].map((of) => `${of} at ${load * 100} %`));
  const rows = lines.map((line) => [
    line === floor ? `${line}, whole` : `${line}, added`,
    ...cells(line),
  ]);
  return table(["ms", ...head], rows);
}
