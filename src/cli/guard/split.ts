import type { GuardCheck } from "../../lib/guard.ts";
import { listed } from "../../lib/shorten.ts";
import { compile } from "../../policy/compile.ts";
import type { Guard, LeafNode } from "../../policy/compiled.ts";
import { leavesOf } from "../../policy/leaves.ts";
import type { Ramp } from "../../policy/ramp.ts";
import { Failure, usage } from "../failure.ts";
import type { RoutePolicy } from "../source/local.ts";

/** What a guard is tried with. */
export type TriedGuard = Pick<Guard, "checks" | "windowMs" | "minVisitors" | "earn">;

/** The guard that a policy without one is advised to have. */
const ADVISED: Omit<TriedGuard, "checks"> = { windowMs: 300_000, minVisitors: 10, earn: false };
const ADVISED_CHECK: GuardCheck = { metric: "failures", maxIncrease: 1 };
/** Where nothing is drawn there is nothing to compare. */
const ADVISED_LIMIT: GuardCheck = { metric: "failures", max: 2 };

/** A split and the guard that is tried on it, at a time. */
export interface TriedSplit {
  readonly experiment: string;
  readonly guard: TriedGuard;
  /** Whether the policy has no guard, so that this one is only advised. */
  readonly isAdvised: boolean;
  readonly control: string;
  /** The variants that get visitors, the control among them. */
  readonly shares: Readonly<Record<string, number>>;
  /** The variants that can be taken back. */
  readonly variants: readonly string[];
  readonly ramp: Ramp | undefined;
}

/** What a guard could watch: splits of a strategy that has something to take back. */
const guardable = ({ definition, variants }: LeafNode): boolean =>
  definition.guard !== "nothing" && variants.length > 1;

/** The split that is meant: the one that is named, the only guarded one, or the only one. */
function splitOf({ key, policy }: RoutePolicy, experiment: string | undefined): LeafNode {
  const splits = [...leavesOf(compile(policy, key))].filter(guardable);
  const guarded = splits.filter(({ guard }) => guard !== undefined);
  const meant =
    experiment === undefined
      ? guarded.length > 0
        ? guarded
        : splits
      : splits.filter((split) => split.experiment === experiment);
  const [found, ...more] = meant;
  if (found !== undefined && more.length === 0) return found;
  const names = listed((found === undefined ? splits : meant).map((split) => split.experiment));
  if (splits.length === 0)
    throw new Failure(
      `"${key}" has no split that a guard could watch`,
      "guards are for canary, weighted and blue-green policies",
    );
  throw found === undefined
    ? usage(`"${key}" has no experiment "${experiment}"`, `use one of: ${names}`)
    : usage(`"${key}" has several splits`, `say which one with --experiment: ${names}`);
}

/** From when on somebody is drawn for another variant than the control (ms): now, or at a ramp's first step. */
function beginsAt({ definition, ...node }: LeafNode, control: string, now: number): number {
  const whole = { definition, ...node };
  const isSplit = (at: number) =>
    definition
      .shares(whole, at)
      .some((share, index) => share > 0 && whole.variants[index]?.name !== control);
  const later = definition.instants(whole).filter((at) => at > now);
  return [now, ...later.toSorted((a, b) => a - b)].find(isSplit) ?? now;
}

/** Finds the split of a route that a guard is to be tried on, as it is at a time, or as soon as it splits. */
export function triedSplit(
  route: RoutePolicy,
  experiment: string | undefined,
  now: number,
): TriedSplit {
  const node = splitOf(route, experiment);
  const { definition, guard } = node;
  if (definition.guard === "nothing") throw new TypeError("splits are chosen by their guarding");
  const { compares } = definition.guard;
  const serving = definition.defaultVariant(node, now).name;
  const other = node.variants.find(({ name }) => name !== serving)?.name ?? serving;
  const usual = definition.guard.control(node, now)?.name ?? (compares ? serving : other);
  const control = compares ? (guard?.control ?? usual) : usual;
  const shares = definition.shares(node, compares ? beginsAt(node, control, now) : now);
  const byName = Object.fromEntries(
    node.variants.map(({ name }, index) => [name, shares[index] ?? 0] as const),
  );
  return {
    experiment: node.experiment,
    guard: guard ?? { ...ADVISED, checks: [compares ? ADVISED_CHECK : ADVISED_LIMIT] },
    isAdvised: guard === undefined,
    control,
    shares: byName,
    variants: compares
      ? Object.keys(byName).filter((name) => name !== control && (byName[name] ?? 0) > 0)
      : [serving],
    ramp: definition.guard.ramp(node),
  };
}
