import type { SplitReport } from "../../report/measured.ts";
import type { Experiment } from "./experiments.ts";
import type { Names } from "./policies.ts";

/**
 * The variants of an experiment that a report may name: those of the newest policy, and those of
 * allocations that were taken before, as an isolate may be behind. `undefined` for an experiment
 * that neither has. So a gateway cannot make names.
 */
export function variantsOf(
  name: string,
  names: Names,
  stored: Experiment | undefined,
): ReadonlySet<string> | undefined {
  const now = names.variants.get(name);
  if (stored === undefined) return now;
  const known = new Set(now);
  for (const { shares } of stored.allocations.values())
    for (const variant of Object.keys(shares)) known.add(variant);
  return known.size === 0 ? undefined : known;
}

/** Whether visitors of a split are to be kept, and its allocation names known variants alone. */
export function keepsVisitors(
  { experiment, allocation }: SplitReport,
  names: Names,
  stored: Experiment | undefined,
  variants: ReadonlySet<string>,
): boolean {
  if (stored === undefined && !names.splits.has(experiment)) return false;
  return Object.keys(allocation.shares).every((variant) => variants.has(variant));
}
