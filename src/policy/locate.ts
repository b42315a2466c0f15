import type { Policy } from "./schema.ts";
import type { StickyInput } from "./fields/sticky.ts";

/** Where a policy stands inside another: an RFC 6901 pointer, `""` for the whole, `/paths/~1store` for a prefix. */
export type Pointer = string;

/** A policy found at its place. */
export interface Located {
  readonly policy: Policy;
  /** What path-maps above hand down, where the policy has no `sticky` of its own. */
  readonly sticky: StickyInput | undefined;
  /** The whole, with this policy replaced. */
  readonly replace: (next: Policy) => Policy;
}

const unescaped = (step: string): string => step.replaceAll("~1", "/").replaceAll("~0", "~");

function stepsOf(pointer: Pointer): string[] | undefined {
  if (pointer === "") return [];
  return pointer.startsWith("/") ? pointer.slice(1).split("/").map(unescaped) : undefined;
}

function descend(located: Located, steps: readonly string[]): Located | undefined {
  const [field, name, last, ...below] = steps;
  if (field === undefined) return located;
  const { policy, replace } = located;
  if (typeof policy === "string") return undefined;
  const sticky = policy.sticky ?? located.sticky;
  if (field === "rules") {
    const index = /^(?:0|[1-9]\d*)$/.test(name ?? "") ? Number(name) : -1;
    const rule = policy.rules?.[index];
    if (last !== "policy" || rule?.policy === undefined) return undefined;
    const put = (next: Policy): Policy =>
      replace({ ...policy, rules: policy.rules?.with(index, { ...rule, policy: next }) ?? [] });
    // A split hands nothing down to what its rules lead to; a path-map does.
    const inherited = policy.strategy === "path-map" ? sticky : located.sticky;
    return descend({ policy: rule.policy, sticky: inherited, replace: put }, below);
  }
  if (policy.strategy !== "path-map") return undefined;
  if (field === "default" && policy.default !== undefined) {
    const put = (next: Policy): Policy => replace({ ...policy, default: next });
    return descend({ policy: policy.default, sticky, replace: put }, steps.slice(1));
  }
  const child =
    field === "paths" && name !== undefined && Object.hasOwn(policy.paths, name)
      ? policy.paths[name]
      : undefined;
  if (child === undefined || name === undefined) return undefined;
  const put = (next: Policy): Policy =>
    replace({ ...policy, paths: { ...policy.paths, [name]: next } });
  return descend({ policy: child, sticky, replace: put }, steps.slice(2));
}

/** Finds the policy a pointer names, and how to put another in its place; `undefined` where there is none. Pure. */
export function locate(policy: Policy, pointer: Pointer): Located | undefined {
  const steps = stepsOf(pointer);
  return steps && descend({ policy, sticky: undefined, replace: (next) => next }, steps);
}
