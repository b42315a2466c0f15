import { gzipSync } from "node:zlib";
import { hostsOverPaths } from "./fleet/hosts-over-paths.ts";
import { showClaims } from "./claims.ts";
import { codeOf } from "./code.ts";
import { measureCold, showCold } from "./cold.ts";
import { contenders, FLOOR, largePolicy, NEWCOMERS } from "./contenders.ts";
import { RETURNING } from "./counting.ts";
import { costsOf, showCosts } from "./costs.ts";
import { decideCost } from "./decide-cost.ts";
import { goals } from "./goals.ts";
import { measureLatency, showLatency } from "./latency.ts";
import { round, start, stop, type Running } from "./line.ts";
import type { Peers } from "./peers-client.ts";
import { say } from "./say.ts";
import type { Subject } from "./subjects.ts";

/** How much of each thing a run does. */
const SIZES = {
  quick: { slices: 2, windows: 6, windowSeconds: 0.3, starts: 6, processes: 6 },
  full: { slices: 6, windows: 20, windowSeconds: 1, starts: 16, processes: 12 },
} as const;

interface Options {
  readonly commit: string;
  readonly rounds: number;
  readonly warmUp: number;
  readonly sizes: keyof typeof SIZES;
}

const isWorker = ({ code }: Subject) => code !== "nginx" && code !== "haproxy";

/** Lines that differ from another one in their data alone are left out where the Worker is what is measured. */
const isOfItsOwn = ({ name }: Subject) => !/tenants? by path/.test(name);

async function sizesOf(all: readonly Subject[]): Promise<Map<string, number>> {
  const sizes = new Map<string, number>();
  for (const { name, code } of all) {
    if (code === "nginx" || code === "haproxy") continue;
    sizes.set(name, gzipSync(await codeOf(code, false), { level: 9 }).length / 1024);
  }
  return sizes;
}

/** Runs the whole comparison; the text has a table for each thing measured, and the goals at its end. */
export async function compare(
  peers: Peers,
  isMeasured: (subject: Subject) => boolean,
  { commit, rounds, warmUp, sizes }: Options,
): Promise<string> {
  const size = SIZES[sizes];
  const origin = `http://127.0.0.1:${peers.origin}`;
  const wanted = contenders(origin).filter(isMeasured);
  const all: Running[] = [];
  try {
    for (const subject of wanted) {
      say(`warming up: ${subject.name}`);
      all.push(await start(subject, peers, warmUp));
    }
    for (let index = 0; index < rounds; index += 1) {
      say(`CPU, round ${index + 1} of ${rounds}`);
      await round(all, peers, size.slices);
    }
    const costs = costsOf(all);
    const capacity = costs.find(({ name }) => name === RETURNING)?.perSecond ?? 0;
    say("latency under open-loop load");
    const own = all.filter(
      ({ subject }) => isWorker(subject) && isOfItsOwn(subject) && subject.name !== NEWCOMERS,
    );
    const latencies = await measureLatency(own, capacity, size.windows, size.windowSeconds);
    for (const running of all.splice(0)) await stop(running);
    say("cold starts, sizes, decisions, the fleet's KV reads");
    const cold = [
      ...wanted
        .filter(isWorker)
        .filter(isOfItsOwn)
        .filter(({ name }) => name !== NEWCOMERS),
      largePolicy(origin),
    ];
    const bundles = await sizesOf(cold);
    const starts = await measureCold(cold, peers, size.starts);
    const claims = goals({
      costs,
      latencies,
      cold: starts,
      decideSplit: await decideCost("weighted of 2", size.processes),
      decideBehindRules: await decideCost("weighted of 2, 20 rules that miss", size.processes),
      hostsOverPaths: await hostsOverPaths(),
      bundleKib: bundles.get(RETURNING) ?? Number.NaN,
    });
    return [
      `*Before* is \`${commit}\`.`,
      showCosts(costs),
      `Open-loop load, ${size.windows} windows of ${size.windowSeconds} s each; the whole is ${capacity.toFixed(0)} requests/s, what the gateway answers when always asked; the client's own lateness at its 99th percentile is ${latencies.late.toFixed(2)} ms.`,
      showLatency(latencies, FLOOR),
      showCold(starts, FLOOR, bundles),
      showClaims(claims),
    ].join("\n\n");
  } finally {
    for (const running of all) await stop(running);
  }
}
