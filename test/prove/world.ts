/** Visitors of one kind: what part of all they are, how they convert, how often each variant fails for them. */
export interface Kind {
  readonly part: number;
  readonly rate: number;
  readonly failing: readonly number[];
}

/** A time in which one allocation was in force. */
export interface Phase {
  /** How many visitors come. */
  readonly visitors: number;
  /** By variant, of sum 1; given what was seen so far where the shares follow it. */
  readonly shares: readonly number[] | ((isAhead: boolean) => readonly number[]);
  /** The control's rate. */
  readonly rate: number;
}

/** What is true in a simulated experiment, and what happens to its reports. */
export interface World {
  readonly phases: readonly Phase[];
  /** Of each variant beside the control's rate, the control first; every one of them 0 is an A/A test. */
  readonly effects: readonly number[];
  /** Visitors of the sample above which it is halved. */
  readonly halveAbove?: number;
  /** Who converts pays a lognormal sum with this deviation of its logarithm, and median 1; cut to the cap. */
  readonly revenue?: { readonly sigma: number; readonly cap: number };
  /** Instead of the phases' rates. */
  readonly kinds?: readonly Kind[];
  /** Whether visitors for whom a variant failed are left out, as those rescued by another one would be. */
  readonly leavesOutFailed?: boolean;
  /** The i-th of all reports brings visitors up to (i / all) to this power; 2 where nothing is said. */
  readonly growth?: number;
  /** The chance that a report never arrives, and that it is counted twice. */
  readonly lost?: number;
  readonly repeated?: number;
}

/** A share of the visitors for the control, the rest in equal parts for the others. */
export function shared(control: number, variants: number): number[] {
  const rest = (1 - control) / (variants - 1);
  return [control, ...Array.from({ length: variants - 1 }, () => rest)];
}

/** One allocation from beginning to end. */
export function steady(
  visitors: number,
  rate: number,
  shares: readonly number[],
  others: Partial<World> = {},
): World {
  return { phases: [{ visitors, shares, rate }], effects: shares.map(() => 0), ...others };
}
