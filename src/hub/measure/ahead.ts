import { formatInstant } from "../../lib/instant-text.ts";
import type { LeafNode } from "../../policy/compiled.ts";
import { stepsBegun, waitingStep, type Ramp } from "../../policy/ramp.ts";
import { stagesOf } from "../../policy/stages.ts";
import type { ExperimentStatus, RampStatus } from "../../report/answers.ts";

function stateOf(ramp: Ramp, begun: number, now: number): RampStatus["state"] {
  if (begun === ramp.steps.length) return "done";
  if (ramp.pausedAtMs !== undefined && ramp.pausedAtMs <= now) return "paused";
  if (waitingStep(ramp, now) !== undefined) return "waiting";
  return begun === 0 ? "scheduled" : "running";
}

/** What the policy of a split has ahead of it at a time: how its ramp is, and the next change of its shares by the clock. Pure. */
export function aheadOf(node: LeafNode, now: number): Pick<ExperimentStatus, "ramp" | "next"> {
  const { definition, variants, force } = node;
  const stages = force === undefined ? stagesOf(node, now) : undefined;
  if (stages === undefined) return {};
  const next = stages.list[stages.current + 1];
  const isLapsed = stages.lapsesAt !== undefined && stages.lapsesAt <= now;
  const ramp = isLapsed || definition.guard === "nothing" ? undefined : definition.guard.ramp(node);
  const begun = ramp === undefined ? 0 : stepsBegun(ramp, now);
  return {
    ...(ramp && { ramp: { state: stateOf(ramp, begun, now), begun, steps: ramp.steps.length } }),
    ...(next?.from !== undefined && {
      next: {
        at: formatInstant(next.from),
        shares: Object.fromEntries(
          variants.map(({ name }, index) => [name, next.shares[index] ?? 0]),
        ),
      },
    }),
  };
}
