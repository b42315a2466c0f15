/** A page of one shard, in the order of its keys. */
export interface ShardPage<T> {
  readonly items: readonly T[];
  /** The last key that was looked at; null where no more come after. */
  readonly upTo: string | null;
}

/** What pages of shards are merged by. */
export interface Merging<T> {
  readonly shards: number;
  /** A page of a shard, of keys after one; rejects where the shard does not answer. */
  readonly ask: (shard: number, after: string) => Promise<ShardPage<T>>;
  readonly keyOf: (item: T) => string;
  /** Whether an item is for the caller. */
  readonly isWanted: (item: T) => boolean;
  /** Only keys after this one; empty for all. */
  readonly after: string;
  readonly limit: number;
  /** Times that shards are asked, those that are needed at once; the page may then be short, and go on. */
  readonly rounds: number;
}

/** A page of all shards in the order of keys. */
export interface MergedPage<T> {
  readonly items: readonly T[];
  /** Where to go on; null after the last. */
  readonly next: string | null;
  /** Shards that did not answer, and whose items are missing. */
  readonly unreachable: readonly number[];
}

/** What is known of one shard: items not taken yet, and how far it was looked at. */
interface Head<T> {
  readonly shard: number;
  items: readonly T[];
  upTo: string | null;
}

/** The first items of all heads, as far as every head knows what comes. */
function taken<T>(heads: readonly Head<T>[], keyOf: (item: T) => string, upTo: string | null): T[] {
  const isKnown = (item: T): boolean => upTo === null || keyOf(item) <= upTo;
  const found = heads.flatMap(({ items }) => items.filter(isKnown));
  for (const head of heads) head.items = head.items.filter((item) => !isKnown(item));
  return found.toSorted((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1));
}

/** How far all heads are known; null where nothing more comes of any. */
function knownUpTo<T>(heads: readonly Head<T>[]): string | null {
  let least: string | null = null;
  for (const { upTo } of heads) if (upTo !== null && (least === null || upTo < least)) least = upTo;
  return least;
}

/**
 * Merges what shards hold in the order of keys. Its work is bounded: each round asks a shard at most
 * once, and only those that hold up the others. A shard that does not answer is left out from then on.
 */
export async function mergedPage<T>(merging: Merging<T>): Promise<MergedPage<T>> {
  const { ask, keyOf, isWanted, after, limit, rounds } = merging;
  const unreachable: number[] = [];
  let position: string | null = after;
  let heads: readonly Head<T>[] = Array.from({ length: merging.shards }, (_, shard) => ({
    shard,
    items: [],
    upTo: after,
  }));
  const items: T[] = [];
  for (let round = 0; round < rounds && position !== null && items.length < limit; round += 1) {
    const bound: string = position;
    await Promise.all(
      heads.map(async (head) => {
        if (head.upTo === null || head.upTo > bound) return;
        try {
          const { items: found, upTo } = await ask(head.shard, head.upTo);
          head.items = [...head.items, ...found];
          head.upTo = upTo;
        } catch {
          unreachable.push(head.shard);
        }
      }),
    );
    heads = heads.filter(({ shard }) => !unreachable.includes(shard));
    position = knownUpTo(heads);
    items.push(...taken(heads, keyOf, position).filter(isWanted));
  }
  const page = items.slice(0, limit);
  const last = items.length > limit ? page.at(-1) : undefined;
  return {
    items: page,
    next: last === undefined ? position : keyOf(last),
    unreachable: unreachable.toSorted((a, b) => a - b),
  };
}
