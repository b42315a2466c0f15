import type { Heard } from "../measure/heard.ts";
import { BySplit, type SplitName } from "./by-split.ts";
import { Networks } from "./networks.ts";
import { Windows } from "./windows.ts";

/** What guards remember of reports, in memory alone: who came in windows, and from where those came for whom a variant failed. */
export class GuardMemory {
  readonly windows = new Windows();
  readonly networks = new Networks();
  /** Since when each roll-out counts (ms), as far as it was read. */
  readonly #since = new BySplit<number>();

  /** Takes what a report tells of a guarded split; `readSince` is asked once. */
  hear(
    { key, split, watched, unlisted, failing }: Heard,
    readSince: () => number,
    now: number,
  ): void {
    const { node, guard } = split;
    const name: SplitName = { key, experiment: node.experiment };
    const since = this.#since.get(name) ?? readSince();
    this.#since.set(name, since);
    if (watched.length > 0 || unlisted.length > 0)
      this.windows.add(name, guard.windowMs, { visitors: watched, unlisted }, { now, since });
    for (const { variant, address, at } of failing)
      if (at >= since) this.networks.add(name, variant, address, guard.minVisitors);
  }

  /** A roll-out begins anew: what was before it is nothing to it. */
  begin(name: SplitName, since: number): void {
    this.windows.forget(name);
    this.networks.forget(name);
    this.#since.set(name, since);
  }

  /** Leaves out the splits of a route that are guarded no more. */
  keep(key: string, guarded: { readonly has: (experiment: string) => boolean }): void {
    this.windows.keep(key, guarded);
    this.networks.keep(key, guarded);
    for (const name of this.#since.others(key, guarded)) this.#since.delete(name);
  }
}
