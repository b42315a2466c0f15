import { childrenOf } from "../../../policy/children.ts";
import { compile } from "../../../policy/compile.ts";
import type { LeafNode } from "../../../policy/compiled.ts";
import { ACTIONS } from "../../../policy/actions/index.ts";
import type { ActionName } from "../../../policy/actions/names.ts";
import { UNNAMED_RULE } from "../../../policy/fields/rules.ts";
import { LANGUAGE, strategyOf } from "../../../policy/language.ts";
import { leavesOf } from "../../../policy/leaves.ts";
import type { Pointer } from "../../../policy/locate.ts";
import type { Policy } from "../../../policy/schema.ts";
import type { AnyStrategy } from "../../../policy/strategies/definition.ts";
import { ofUrl } from "../../../policy/strategies/single.ts";

/** One policy of a route's tree: the whole, or what a key or a rule leads to. */
export interface Branch {
  readonly pointer: Pointer;
  /** The pointer of the policy that it stands in; absent for the whole. */
  readonly above: Pointer | undefined;
  readonly depth: number;
  /** What leads there: a key of a map, or a rule. Empty for the whole. */
  readonly label: string;
  readonly strategy: string;
  readonly kind: AnyStrategy["kind"];
  readonly policy: Policy;
  /** As it decides: its variants, its shares at a time, its guard. Absent for what has no variants. */
  readonly leaf: LeafNode | undefined;
}

const escaped = (step: string | number): string =>
  String(step).replaceAll("~", "~0").replaceAll("/", "~1");

/** What a rule is called where it has no name: its place in the list. */
function labelOf(prefix: string, named: string | undefined, steps: readonly (string | number)[]) {
  if (prefix !== "") return prefix;
  if (named !== undefined && named !== "") return named;
  const place = steps.find((step) => typeof step === "number");
  return place === undefined ? String(steps[0] ?? "") : `rule ${place + 1}`;
}

/** The leaves of a policy by the way that leads there, the last of equals first. */
function leavesByPath(policy: Policy, key: string): Map<string, LeafNode[]> {
  const found = new Map<string, LeafNode[]>();
  for (const leaf of leavesOf(compile(policy, key))) {
    const equals = found.get(leaf.path);
    if (equals === undefined) found.set(leaf.path, [leaf]);
    else equals.push(leaf);
  }
  return found;
}

/**
 * A policy that the API gave, as the tree that it is: each map before its branches, each split before
 * what its rules lead to. Throws where the policy is one of another release. Pure.
 */
export function branchesOf(policy: Policy, key: string): Branch[] {
  const leaves = leavesByPath(policy, key);
  const found: Branch[] = [];
  const visit = (
    one: Policy,
    path: string,
    at: Omit<Branch, "strategy" | "kind" | "policy" | "leaf">,
  ) => {
    const written = typeof one === "string" ? ofUrl(one) : one;
    const strategy = strategyOf(written, LANGUAGE);
    if (strategy === undefined) return;
    const { name, definition } = strategy;
    const leaf = definition.kind === "leaf" ? leaves.get(path)?.pop() : undefined;
    found.push({ ...at, strategy: name, kind: definition.kind, policy: one, leaf });
    for (const { steps, value, prefix, segment, named } of childrenOf({ ...written }, LANGUAGE)) {
      const pointer = [at.pointer, ...steps.map(escaped)].join("/");
      const label = labelOf(prefix, named === undefined ? undefined : segment?.slice(1), steps);
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what stands inside a policy that was accepted is one too
      visit(value as Policy, path + (segment ?? UNNAMED_RULE), {
        pointer,
        above: at.pointer,
        depth: at.depth + 1,
        label,
      });
    }
  };
  visit(policy, "", { pointer: "", above: undefined, depth: 0, label: "" });
  return found;
}

/** Whether a branch chooses between variants: others have nothing to compare and nothing to change here. */
export const isSplit = ({ leaf }: Branch): boolean =>
  leaf !== undefined && leaf.variants.length > 1;

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the keys of a constant
const NAMES = Object.keys(ACTIONS) as readonly ActionName[];

/** The actions that are for a branch, whether or not they have something to do just now. */
export const actionsFor = (branch: Branch): readonly ActionName[] =>
  isSplit(branch)
    ? NAMES.filter((name) => {
        const { fits } = ACTIONS[name];
        return fits === "leaf" || fits === branch.strategy;
      })
    : [];
