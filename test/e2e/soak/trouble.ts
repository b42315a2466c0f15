import { setTimeout as sleep } from "node:timers/promises";
import type { KvFleet, KvMode } from "../../support/failing-kv.ts";
import { ILLS, type CountingOrigin } from "./origin.ts";

const MODES: readonly KvMode[] = ["works", "throws", "hangs"];

/** How long each state lasts, drawn evenly (ms). */
const PHASE_MS = { least: 500, most: 4000 } as const;

export interface Troubled {
  readonly fleet: KvFleet;
  readonly canary: CountingOrigin;
  /** Publishes the next version. */
  readonly edit: (percent: number) => Promise<void>;
}

/** Edits, and faults of KV, the hub and an origin, until the signal; then all is well again. What was done, by name. */
export async function trouble(
  { fleet, canary, edit }: Troubled,
  random: () => number,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, number>> {
  const done = new Map<string, number>();
  const count = (what: string) => done.set(what, (done.get(what) ?? 0) + 1);
  const phase = async () => {
    const ms = PHASE_MS.least + random() * (PHASE_MS.most - PHASE_MS.least);
    await sleep(ms, undefined, { signal }).catch(() => {});
  };
  const one = <T>(list: readonly T[]): T | undefined => list[Math.floor(random() * list.length)];
  const until = async (work: () => Promise<void>) => {
    while (!signal.aborted) {
      await work();
      await phase();
    }
  };
  await Promise.all([
    until(async () => {
      await edit(Math.floor(random() * 101));
      count("edit");
    }),
    until(async () => {
      const mode = one(MODES) ?? "works";
      await fleet.setKv(mode);
      count(`KV ${mode}`);
    }),
    until(async () => {
      const mode = one(MODES) ?? "works";
      await fleet.setHub(mode);
      count(`hub ${mode}`);
    }),
    until(async () => {
      const ill = one(ILLS) ?? "500";
      canary.be(ill);
      count(`origin ${ill}`);
      await phase();
      canary.be("well");
    }),
  ]);
  await fleet.setKv("works");
  await fleet.setHub("works");
  canary.be("well");
  return done;
}
