import { setTimeout as sleep } from "node:timers/promises";
import type { KvGateway, KvMode } from "../../support/failing-kv.ts";
import type { Fault, Faulty } from "../../support/faulty.ts";

/** Faults before the answer's head: those a policy can save its visitors from. */
export const SAVABLE: readonly Fault[] = [
  "refuse",
  "reset-before-head",
  "hang",
  "garbage",
  "endless-headers",
  "close-after-continue",
  "502",
  "503",
  "504",
  "slow-head",
];

/** How long an origin stays well or ill (ms), drawn evenly: long enough to be ejected, and to be probed again. */
const PHASE_MS = { least: 300, most: 2500 } as const;

const KV_MODES: readonly KvMode[] = ["works", "throws", "works", "hangs"];
const KV_PHASE_MS = 3000;

/** Numbers in [0, 1) that a seed repeats (mulberry32, public domain). */
export function seeded(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Each fault once in an order of its own, then each once more in another: no run goes without one for long. */
function* dealt(random: () => number): Generator<Fault, never> {
  for (;;) {
    const left = [...SAVABLE];
    while (left.length > 0) yield* left.splice(Math.floor(random() * left.length), 1);
  }
}

/** What was done to origins and KV, by name of the fault. */
export type Done = Map<string, number>;

/** Makes origins die and return, and KV fail, until the signal; then all are well again. */
export async function wreak(
  flaky: readonly Faulty[],
  gateway: KvGateway,
  random: () => number,
  signal: AbortSignal,
): Promise<Done> {
  const done: Done = new Map();
  const count = (name: string) => done.set(name, (done.get(name) ?? 0) + 1);
  const pause = (ms: number) => sleep(ms, undefined, { signal }).catch(() => {});
  const faults = dealt(random);
  const phase = () => PHASE_MS.least + random() * (PHASE_MS.most - PHASE_MS.least);

  async function torment(origin: Faulty): Promise<void> {
    while (!signal.aborted) {
      await pause(phase());
      const fault = faults.next().value;
      await origin.set(fault);
      count(fault);
      await pause(phase());
      await origin.set("good");
    }
  }
  async function failKv(): Promise<void> {
    for (let i = 0; !signal.aborted; i++) {
      const mode = KV_MODES[i % KV_MODES.length] ?? "works";
      await gateway.setKv(mode);
      count(`KV ${mode}`);
      await pause(KV_PHASE_MS);
    }
    await gateway.setKv("works");
  }
  await Promise.all([...flaky.map(torment), failKv()]);
  return done;
}
