import type { Facts } from "../policy/facts.ts";
import { hasConsent } from "./consent.ts";
import { identify } from "./identity.ts";
import type { Decision } from "./outcome.ts";

/**
 * What names the visitor whom a decision was made for, where it lasts: a cookie that came or is being
 * set, a header or a query, and never an address. Nobody without consent. A choice that depended on
 * nobody (`force`, a rule, a single origin) has a visitor too, where one comes with a name.
 */
export function knownVisitor({ node, who }: Decision, facts: Facts): string | undefined {
  if (!hasConsent(node, facts)) return undefined;
  const { visitor, lasts, isNew, source } = who ?? identify(node.sticky, facts, false);
  // Where nobody asked who it is, a new id is one that nobody gets.
  return lasts && source !== "ip" && (who !== undefined || !isNew) ? visitor : undefined;
}
