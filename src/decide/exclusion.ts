import type { SipKey } from "../lib/siphash.ts";
import { idCheck } from "../lib/visitor-digest.ts";
import type { Facts } from "../policy/facts.ts";
import { isDraw } from "../policy/reason.ts";
import { isOwnId } from "./identity.ts";
import { isNavigation, isPrefetch } from "./newcomer.ts";
import type { Decision } from "./outcome.ts";

/**
 * Why a request is in no figure of visitors; of the first that holds, in this order. Those up to
 * "passing" do not count at all (`Decision.counted`); those after it do, as requests.
 */
export const EXCLUSIONS = [
  "rule-pin",
  "not-drawn",
  "head",
  "crawler",
  "prefetch",
  "passing",
  "address",
  "no-key",
  "unchecked",
  "new",
] as const;

export type Exclusion = (typeof EXCLUSIONS)[number];

/** Why a request is in no figure of visitors under this key; nothing where it is. Pure. */
export function exclusionOf(
  { reason, byRulePin, who, counted }: Decision,
  facts: Facts,
  key: SipKey | undefined,
): Exclusion | undefined {
  if (byRulePin) return "rule-pin";
  if (!isDraw(reason)) return "not-drawn";
  if (who === undefined || !counted) {
    if (facts.method === "HEAD" || facts.method === "OPTIONS") return "head";
    if (facts.bot()) return "crawler";
    return isPrefetch(facts) ? "prefetch" : "passing";
  }
  if (who.source === "ip") return "address";
  if (key === undefined) return "no-key";
  if (!isOwnId(who)) return undefined;
  if (!who.isNew) return who.known?.check === idCheck(key, who.visitor) ? undefined : "unchecked";
  // One that a script's request was given counts when it comes back.
  return isNavigation(facts) ? undefined : "new";
}
