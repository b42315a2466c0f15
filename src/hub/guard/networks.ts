import { BySplit, type SplitName } from "./by-split.ts";

/** Addresses of all splits of a shard together (each a text of 16 characters): a few MB. */
const MAX_NETWORKS_TOGETHER = 50_000;

/**
 * Different addresses, keyed, of visitors with a failure: so many of a variant as a guard asks for,
 * and no more. In memory alone: a shard that begins anew counts anew, and a verdict waits for that.
 */
export class Networks {
  readonly #most: number;
  readonly #splits = new BySplit<Map<string, Set<string>>>();
  #together = 0;

  constructor(most = MAX_NETWORKS_TOGETHER) {
    this.#most = most;
  }

  add(split: SplitName, variant: string, address: string, enough: number): void {
    const variants = this.#splits.get(split) ?? new Map<string, Set<string>>();
    const known = variants.get(variant) ?? new Set();
    if (known.size >= enough || known.has(address) || this.#together >= this.#most) return;
    this.#splits.set(split, variants.set(variant, known.add(address)));
    this.#together += 1;
  }

  /** How many there are, by variant. */
  of(split: SplitName): Readonly<Record<string, number>> {
    const variants = this.#splits.get(split) ?? [];
    return Object.fromEntries([...variants].map(([variant, { size }]) => [variant, size]));
  }

  forget(split: SplitName): void {
    for (const { size } of this.#splits.get(split)?.values() ?? []) this.#together -= size;
    this.#splits.delete(split);
  }

  /** Leaves out the splits of a route that are not among some. */
  keep(key: string, experiments: { readonly has: (experiment: string) => boolean }): void {
    for (const split of this.#splits.others(key, experiments)) this.forget(split);
  }
}
