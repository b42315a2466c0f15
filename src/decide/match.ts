import type { Facts } from "../policy/facts.ts";
import type { Match } from "../policy/match.ts";

/** Whether a request is what a rule asks for; all conditions must hold. `path` is the path as the rule's policy was handed it. */
export function matches(match: Match, facts: Facts, path: string): boolean {
  for (const { definition, compiled } of match)
    if (!definition.matches(compiled, facts, path)) return false;
  return true;
}
