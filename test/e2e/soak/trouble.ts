import { setTimeout as sleep } from "node:timers/promises";
import type { KvFleet, KvMode } from "../../support/failing-kv.ts";
import { ILLS, type CountingOrigin } from "./origin.ts";
import { KEY } from "./visits.ts";

const MODES: readonly KvMode[] = ["works", "throws", "hangs"];

interface Span {
  readonly least: number;
  readonly most: number;
}

/** How long each state lasts, drawn evenly (ms). */
const PHASE_MS: Span = { least: 500, most: 4000 };

/** How long a version stands, drawn evenly (ms): an isolate keeps counts of 64 of them until the hub is there, which may take minutes. */
const VERSION_MS: Span = { least: 4000, most: 24_000 };

/** How long the hub runs between restarts, drawn evenly (ms): each may lose what came in the ten seconds before. */
const HUB_RUNS_MS: Span = { least: 5000, most: 115_000 };

export interface Troubled {
  readonly fleet: KvFleet;
  readonly canary: CountingOrigin;
  /** Publishes the next version. */
  readonly edit: (percent: number) => Promise<void>;
}

export interface Trouble {
  /** What was done, by name. */
  readonly done: ReadonlyMap<string, number>;
  /** Requests that the hub may have lost: those it had not stored when it was restarted. */
  readonly unstored: number;
}

/** Edits, faults of KV, the hub and an origin, and restarts of the hub, until the signal; then all is well again. */
export async function trouble(
  { fleet, canary, edit }: Troubled,
  random: () => number,
  signal: AbortSignal,
): Promise<Trouble> {
  let unstored = 0;
  const done = new Map<string, number>();
  const count = (what: string) => done.set(what, (done.get(what) ?? 0) + 1);
  const phase = async ({ least, most }: Span = PHASE_MS) => {
    const ms = least + random() * (most - least);
    await sleep(ms, undefined, { signal }).catch(() => {});
  };
  const one = <T>(list: readonly T[]): T | undefined => list[Math.floor(random() * list.length)];
  const until = async (work: () => Promise<void>, span = PHASE_MS) => {
    while (!signal.aborted) {
      await work();
      await phase(span);
    }
  };
  await Promise.all([
    until(async () => {
      await edit(Math.floor(random() * 101));
      count("edit");
    }, VERSION_MS),
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
      // Early once, so that a short run has it too.
      await phase();
      unstored += await fleet.restartHub(KEY);
      count("hub restarted");
    }, HUB_RUNS_MS),
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
  return { done, unstored };
}
