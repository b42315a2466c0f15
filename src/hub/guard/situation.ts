import type { GuardedSplit } from "../../policy/guarded-splits.ts";
import type { OrderedAction } from "../../report/guard.ts";
import { own } from "../../stats/own.ts";
import { orderedAction } from "./ordered-action.ts";
import { allocationOf } from "../../decide/allocation.ts";

/** What a guard has before it at a time. */
export interface Situation {
  /** The variant that others are measured against. */
  readonly control: string;
  /** Those that may be taken back now: they get visitors. */
  readonly variants: readonly string[];
  /** Why there is nothing to guard; absent where there is. */
  readonly idle: string | undefined;
  /** What is done where a check is breached; absent where somebody is only told. */
  readonly action: OrderedAction | undefined;
  /** Whether a ramp is paused. */
  readonly isPaused: boolean;
}

/** Whom a guard watches at a time, by the policy alone. Pure. */
export function situationOf(split: GuardedSplit, now: number): Situation {
  const { node, guard } = split;
  const { guard: guarding } = node.definition;
  const usual = guarding === "nothing" ? undefined : guarding.control(node, now);
  const named = node.variants.find(({ name }) => name === guard.control);
  const compares = guarding !== "nothing" && guarding.compares;
  const control = compares ? (named ?? usual) : usual;
  const serves = node.definition.defaultVariant(node, now).name;
  const other = node.variants.find(({ name }) => name !== serves)?.name ?? serves;
  const { shares } = allocationOf(node, now);
  const name = control?.name ?? (compares ? serves : other);
  const variants = compares
    ? node.variants.map((one) => one.name).filter((one) => one !== name && own(shares, one) !== 0)
    : [serves];
  return {
    control: name,
    variants,
    idle: idleness(split, name, variants),
    action: orderedAction(split, control),
    isPaused: guarding !== "nothing" && guarding.ramp(node)?.pausedAtMs !== undefined,
  };
}

function idleness(
  { node: { force } }: GuardedSplit,
  control: string,
  variants: readonly string[],
): string | undefined {
  if (force !== undefined) return `the policy forces everybody to "${force.name}"`;
  return variants.length === 0
    ? `nobody is drawn for another variant than "${control}"`
    : undefined;
}
