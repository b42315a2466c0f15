import type { CompiledPolicy } from "../policy/compiled.ts";
import { decide, type Decision } from "./decide.ts";
import type { Facts } from "../policy/facts.ts";
import { describeReason, renderReason } from "../policy/reason.ts";

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

/** A decision as the API and the command line summarize it. */
export interface DecisionSummary {
  readonly variant: string;
  readonly reason: string;
  /** The reason, with the override that was not followed. */
  readonly because: string;
  readonly origin: string;
  /** What the origin is asked for. */
  readonly path: string;
  readonly counted: boolean;
  readonly mirrored: boolean;
  readonly setsCookie: boolean;
  /** The id of the visitor's cookie, where there is one or one is set. */
  readonly visitor: string | null;
}

/** Tells a decision; null where a path-map has no prefix for the path. `visitor` is the one the request named. */
export function summarize(
  decision: Decision | undefined,
  visitor: string | undefined,
): DecisionSummary | null {
  if (decision === undefined) return null;
  const { variant, reason, ignored, path, counted, mirrored, remember } = decision;
  return {
    variant: variant.name,
    reason,
    because: renderReason(reason, ignored),
    origin: variant.origin.origin + variant.origin.base,
    path,
    counted,
    mirrored,
    setsCookie: remember !== undefined,
    visitor: remember?.id ?? visitor ?? null,
  };
}
