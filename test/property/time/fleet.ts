import { decide } from "../../support/decide.ts";
import type { Decision } from "../../../src/decide/outcome.ts";
import type { Facts } from "../../../src/policy/facts.ts";
import type { CompiledPolicy } from "../../../src/policy/compiled.ts";

/** A policy edit reaches the last machine so late (ms): KV's own promise. */
export const ARRIVAL_MS = 60_000;

/** One machine of the fleet: when the edit reaches it, and how far its clock is off. */
export interface Machine {
  /** Milliseconds after the edit was published. */
  readonly arrivalMs: number;
  /** Milliseconds its clock is ahead of the true time; negative where it is behind. */
  readonly skewMs: number;
}

/** An edit of a policy, seen from outside. */
export interface Edit {
  readonly publishedMs: number;
  readonly before: CompiledPolicy;
  readonly after: CompiledPolicy;
}

/** What each machine answers to one request at one true time: it knows its copy of the policy and its clock, and nothing else. */
export function askAll(
  machines: readonly Machine[],
  edit: Edit,
  at: number,
  request: (clock: number) => Facts,
): (Decision | undefined)[] {
  return machines.map(({ arrivalMs, skewMs }) => {
    const policy = at >= edit.publishedMs + arrivalMs ? edit.after : edit.before;
    return decide(policy, request(at + skewMs));
  });
}

/** Whether all give the visitor the same variant. */
export function agree(answers: readonly (Decision | undefined)[]): boolean {
  return new Set(answers.map((answer) => answer?.variant.name)).size === 1;
}
