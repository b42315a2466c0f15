import type { UnlistedVisitors, WatchedVisitor } from "../../report/guard.ts";
import type { WindowTally } from "../../stats/guard/types.ts";
import { BySplit, type SplitName } from "./by-split.ts";
import { VariantWindow } from "./variant-window.ts";

/**
 * Visitors of one variant that a window remembers one by one: of sixty new ones a second in five
 * minutes all, and far more than a share beyond a limit takes to be seen.
 */
const MAX_WATCHED = 20_000;

/** Visitors of all variants of a shard together: some 25 MB, a fifth of what an object has. */
const MAX_WATCHED_TOGETHER = 100_000;

/** How many visitors are remembered. Tests have fewer. */
export interface WindowLimits {
  readonly ofVariant: number;
  readonly together: number;
}

const LIMITS: WindowLimits = { ofVariant: MAX_WATCHED, together: MAX_WATCHED_TOGETHER };

/** The windows of one split: the current one and the one before it, by number, then by variant. */
interface SplitWindows {
  readonly windowMs: number;
  readonly byNumber: Map<number, Map<string, VariantWindow>>;
}

/** What a report tells of the windows of a split. */
export interface Watched {
  readonly visitors: readonly WatchedVisitor[];
  readonly unlisted: readonly UnlistedVisitors[];
}

/** The number of the window that a time lies in. */
export const windowAt = (at: number, windowMs: number): number => Math.floor(at / windowMs);

/** Who came to guarded splits in this window and the last one. In memory alone: a shard that begins anew waits for the next window. */
export class Windows {
  readonly #limits: WindowLimits;
  readonly #splits = new BySplit<SplitWindows>();
  #together = 0;

  constructor(limits: WindowLimits = LIMITS) {
    this.#limits = limits;
  }

  /** Visitors that are remembered one by one, of all splits. */
  get size(): number {
    return this.#together;
  }

  /** Takes what a report tells of a split; what is older than the last window comes too late. The oldest that counts is `since`. */
  add(
    split: SplitName,
    windowMs: number,
    { visitors, unlisted }: Watched,
    { now, since }: { readonly now: number; readonly since: number },
  ): void {
    const newest = windowAt(now, windowMs);
    const windows = this.#of(split, windowMs);
    this.#drop(windows, newest);
    const variantOf = (window: number, variant: string): VariantWindow | undefined => {
      if (window < newest - 1 || window > newest) return undefined;
      const variants = windows.byNumber.get(window) ?? new Map<string, VariantWindow>();
      windows.byNumber.set(window, variants);
      const known = variants.get(variant) ?? new VariantWindow();
      variants.set(variant, known);
      return known;
    };
    for (const visitor of visitors) {
      if (visitor.at < since) continue;
      const at = Math.min(visitor.at, now);
      const variant = variantOf(windowAt(at, windowMs), visitor.variant);
      if (variant === undefined) continue;
      const before = variant.size;
      variant.add({ ...visitor, at }, () => this.#hasRoom(variant));
      this.#together += variant.size - before;
    }
    for (const { variant, window, count } of unlisted)
      if ((window + 1) * windowMs > since) variantOf(window, variant)?.addUnlisted(count);
  }

  #hasRoom({ size }: VariantWindow): boolean {
    return size < this.#limits.ofVariant && this.#together < this.#limits.together;
  }

  #of(split: SplitName, windowMs: number): SplitWindows {
    const known = this.#splits.get(split);
    if (known?.windowMs === windowMs) return known;
    this.forget(split);
    const windows: SplitWindows = { windowMs, byNumber: new Map() };
    this.#splits.set(split, windows);
    return windows;
  }

  #drop({ byNumber }: SplitWindows, newest: number): void {
    for (const [window, variants] of byNumber) {
      if (window >= newest - 1) continue;
      for (const { size } of variants.values()) this.#together -= size;
      byNumber.delete(window);
    }
  }

  /** Forgets windows of a split that are over; when there is something to forget again (ms). */
  expire(split: SplitName, now: number): number | undefined {
    const windows = this.#splits.get(split);
    if (windows === undefined) return undefined;
    const newest = windowAt(now, windows.windowMs);
    this.#drop(windows, newest);
    if (windows.byNumber.size > 0) return (newest + 1) * windows.windowMs;
    this.#splits.delete(split);
    return undefined;
  }

  /** A window of a split, by variant; nothing where nobody came. */
  tally(split: SplitName, window: number): Readonly<Record<string, WindowTally>> {
    const variants = this.#splits.get(split)?.byNumber.get(window) ?? [];
    return Object.fromEntries([...variants].map(([name, variant]) => [name, variant.tally()]));
  }

  forget(split: SplitName): void {
    const known = this.#splits.get(split);
    if (known !== undefined) this.#drop(known, Number.POSITIVE_INFINITY);
    this.#splits.delete(split);
  }

  /** Leaves out the splits of a route that are not among some. */
  keep(key: string, experiments: { readonly has: (experiment: string) => boolean }): void {
    for (const split of this.#splits.others(key, experiments)) this.forget(split);
  }
}
