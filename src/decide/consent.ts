import type { LeafNode } from "../policy/compiled.ts";
import type { Facts } from "../policy/facts.ts";

/** Whether the visitor agreed to a cookie, where the policy wants them to. */
export function hasConsent({ consent }: LeafNode, facts: Facts): boolean {
  if (consent === undefined) return true;
  const { cookie, value } = consent;
  return facts.cookie(cookie).some((one) => value === undefined || one === value);
}
