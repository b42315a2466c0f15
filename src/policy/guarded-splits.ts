import { childrenOf } from "./children.ts";
import type { CompiledPolicy, Guard, LeafNode } from "./compiled.ts";
import { LANGUAGE, type Language } from "./language.ts";
import { leavesOf } from "./leaves.ts";
import type { Pointer } from "./locate.ts";
import type { Policy } from "./schema.ts";

/** A split that a guard watches, and where it stands in its policy. */
export interface GuardedSplit {
  readonly pointer: Pointer;
  readonly node: LeafNode;
  readonly guard: Guard;
}

const escaped = (step: string | number): string =>
  String(step).replaceAll("~", "~0").replaceAll("/", "~1");

/** Where each guard stands, by its list of checks, which compiling hands on as it is. */
function pointersIn(policy: Policy, language: Language): Map<Guard["checks"], Pointer> {
  const pointers = new Map<Guard["checks"], Pointer>();
  const waiting: { readonly policy: Policy; readonly pointer: Pointer }[] = [
    { policy, pointer: "" },
  ];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (typeof next.policy === "string") continue;
    if (next.policy.guard !== undefined) pointers.set(next.policy.guard.checks, next.pointer);
    for (const { steps, value } of childrenOf({ ...next.policy }, language)) {
      const pointer = [next.pointer, ...steps.map(escaped)].join("/");
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- what stands inside a policy that passed the schema is one too
      waiting.push({ policy: value as Policy, pointer });
    }
  }
  return pointers;
}

/** The guarded splits of a policy and of what was compiled from it, this very object. Pure. */
export function guardedSplits(
  policy: Policy,
  compiled: Pick<CompiledPolicy, "root">,
  language: Language = LANGUAGE,
): GuardedSplit[] {
  const pointers = pointersIn(policy, language);
  const found: GuardedSplit[] = [];
  for (const node of leavesOf(compiled)) {
    const { guard } = node;
    const pointer = guard && pointers.get(guard.checks);
    if (guard !== undefined && pointer !== undefined) found.push({ pointer, node, guard });
  }
  return found;
}
