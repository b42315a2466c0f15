import * as fc from "fast-check";

/**
 * The seed of every run that does not ask for another one, so that a green run stays green: chance
 * enters only where somebody sets SY_SEED. The value means nothing.
 */
const DEFAULT_SEED = 1_729;

/** fast-check takes its seed modulo 2^32; drawing below 2^31 keeps the printed number the one in use. */
const SEED_LIMIT = 2 ** 31;

/** fast-check's own default, named here because SY_RUNS multiplies it. */
const DEFAULT_RUNS = 100;

export interface CheckOptions {
  /** Runs before SY_RUNS multiplies them. */
  readonly runs?: number;
}

let freshSeed: number | undefined;

/**
 * The seed for this process: SY_SEED as a whole number, a fresh one for `SY_SEED=random` (printed once,
 * so that the run can be repeated), else a fixed one. Throws a RangeError that names SY_SEED on anything else.
 */
export function seed(): number {
  const wanted = process.env["SY_SEED"];
  if (wanted === undefined || wanted === "") return DEFAULT_SEED;
  if (wanted === "random") {
    if (freshSeed === undefined) {
      freshSeed = Math.floor(Math.random() * SEED_LIMIT);
      process.stderr.write(`SY_SEED=${freshSeed}\n`);
    }
    return freshSeed;
  }
  const value = Number(wanted);
  if (!Number.isSafeInteger(value)) {
    throw new RangeError(`SY_SEED is "${wanted}": want a whole number or "random"`);
  }
  return value;
}

/**
 * How often a property runs: `base` times SY_RUNS (default 1; fractions shorten a run, never below one).
 * Throws a RangeError that names SY_RUNS when it is not a number above 0.
 */
export function runs(base: number = DEFAULT_RUNS): number {
  const wanted = process.env["SY_RUNS"];
  if (wanted === undefined || wanted === "") return base;
  const factor = Number(wanted);
  if (!Number.isFinite(factor) || factor <= 0) {
    throw new RangeError(`SY_RUNS is "${wanted}": want a number above 0`);
  }
  return Math.max(1, Math.round(base * factor));
}

/**
 * Asserts a fast-check property. A failure is thrown as fast-check's error: it carries the seed, the path,
 * the counterexample and what the property threw. An asynchronous property gives a promise to await.
 */
export function check<T>(property: fc.IProperty<T>, options?: CheckOptions): void;
export function check<T>(property: fc.IAsyncProperty<T>, options?: CheckOptions): Promise<void>;
export function check<T>(
  property: fc.IRawProperty<T>,
  options: CheckOptions = {},
): void | Promise<void> {
  return fc.assert(property as fc.IAsyncProperty<T>, {
    seed: seed(),
    numRuns: runs(options.runs),
  }) as void | Promise<void>;
}
