import { decide as decideAny } from "../../src/decide/decide.ts";
import type { Trace } from "../../src/decide/trace.ts";
import type { Decision } from "../../src/decide/outcome.ts";
import type { CompiledPolicy } from "../../src/policy/compiled.ts";
import type { Facts } from "../../src/policy/facts.ts";

/** Which variant a request is forwarded to, and why; `undefined` where it is not forwarded. */
export function decide(policy: CompiledPolicy, facts: Facts, trace?: Trace): Decision | undefined {
  const outcome = decideAny(policy, facts, trace);
  return outcome.do === "forward" ? outcome : undefined;
}
