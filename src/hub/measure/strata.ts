import type { Goal } from "../../policy/compiled.ts";
import type { GoalTally, Stratum, VariantTally } from "../../stats/data.ts";
import type { Aggregate, ArmSum, Caps } from "./aggregate.ts";
import type { Allocation, Experiment } from "./experiments.ts";

/** Caps of goals by name. */
export const capsOf = (goals: Iterable<Goal>): Caps =>
  Object.fromEntries(
    [...goals].flatMap(({ name, cap }) => (cap === undefined ? [] : [[name, cap] as const])),
  );

function tallyOf({ visitors, failed, crossed, goals }: ArmSum): VariantTally {
  const reached = [...goals].map(([goal, sums]): [string, GoalTally] => [goal, { ...sums }]);
  return { visitors, failed, crossovers: crossed, goals: Object.fromEntries(reached) };
}

function stratumOf(
  { number, label, since, shares, dropped }: Allocation,
  arms: ReadonlyMap<number, ReadonlyMap<string, ArmSum>>,
): Stratum | undefined {
  const own = arms.get(number) ?? new Map<string, ArmSum>();
  const exposed = new Map(Object.entries(dropped));
  for (const [variant, { visitors }] of own)
    exposed.set(variant, (exposed.get(variant) ?? 0) + visitors);
  if (exposed.size === 0) return undefined;
  return {
    allocation: label,
    since,
    shares,
    exposed: Object.fromEntries(exposed),
    variants: Object.fromEntries([...own].map(([variant, arm]) => [variant, tallyOf(arm)])),
  };
}

/** The allocations of an experiment that somebody was exposed to, in the order in which they came. */
export function strataOf({ allocations }: Experiment, { arms }: Aggregate): Stratum[] {
  return [...allocations.values()]
    .map((allocation) => stratumOf(allocation, arms))
    .filter((stratum) => stratum !== undefined)
    .toSorted((one, other) => one.since - other.since);
}
