import { decide } from "../../../support/decide.ts";
import { factsOfDescription } from "../../../../src/decide/request-description.ts";
import type { Action } from "../../../../src/policy/actions/index.ts";
import { act } from "../../../../src/policy/actions/act.ts";
import { compile } from "../../../../src/policy/compile.ts";
import { ANY } from "../../../../src/policy/keys.ts";
import type { Policy } from "../../../../src/policy/schema.ts";
import { NOW } from "../../../support/policies.ts";

export const PROPAGATION_MS = 100_000;
export const clock = { now: NOW, propagationMs: PROPAGATION_MS };

/** The same value, which throws on any change to it. */
export function frozen<T>(value: T): T {
  if (typeof value === "object" && value !== null) {
    for (const child of Object.values(value)) frozen(child);
    Object.freeze(value);
  }
  return value;
}

/** What an action makes of a policy; throws where it is refused. */
export function done(from: Policy, action: Action, now: number = NOW): Policy {
  const result = act(frozen(from), action, { ...clock, now });
  if (!result.ok) throw new Error(result.error.message);
  return result.value.policy;
}

/** Why an action is refused, or "done". */
export function refusal(from: Policy, action: Action): string {
  const result = act(from, action, clock);
  return result.ok ? "done" : result.error.message;
}

/** Why an action finds nothing to do; undefined where it does something. Throws where it is refused, and where "nothing" changes something. */
export function idle(from: Policy, action: Action, now: number = NOW): string | undefined {
  const result = act(frozen(from), action, { ...clock, now });
  if (!result.ok) throw new Error(result.error.message);
  const { nothing, policy } = result.value;
  if (nothing !== undefined && policy !== from)
    throw new Error("nothing to do, and yet another policy");
  return nothing;
}

/** The variant that one visitor gets at a time. */
export function served(from: Policy, now: number, headers: Record<string, string> = {}): string {
  const facts = factsOfDescription(
    { url: "https://shop.example.com/", headers },
    { candidate: ANY, cookieNames: [], now, randomId: () => "A".repeat(22), override: undefined },
  );
  return decide(compile(from, "shop"), facts)?.variant.name ?? "";
}
