import type { CompiledPolicy } from "../policy/compiled.ts";
import { decide, type Decision } from "./decide.ts";
import type { Facts } from "./facts.ts";
import { describeReason, renderReason } from "./reason.ts";

/** One step passed on the way, and what came of it. */
export interface Step {
  readonly step: string;
  readonly outcome: string;
}

/** A decision with its way. */
export interface Explanation {
  /** The very value the gateway would act on; absent where no prefix matched. */
  readonly decision: Decision | undefined;
  readonly steps: readonly Step[];
  /** One line: the variant, its reason, and the reason in words. */
  readonly summary: string;
}

/** Decides as the gateway does, by the same code, and tells each step. Pure. */
export function explain(policy: CompiledPolicy, facts: Facts): Explanation {
  const steps: Step[] = [];
  const decision = decide(policy, facts, (step, outcome) => void steps.push({ step, outcome }));
  const summary =
    decision === undefined
      ? "path-not-mapped: no prefix of the path-map matches, and it has no default"
      : `${decision.variant.name} (${renderReason(decision.reason, decision.ignored)}): ${describeReason(decision.reason)}`;
  return { decision, steps, summary };
}
