import type { Config } from "../../config/gateway.ts";
import { knownVisitor } from "../../decide/known-visitor.ts";
import type { Decision } from "../../decide/outcome.ts";
import { visitorDigest } from "../../lib/visitor-digest.ts";
import type { Facts } from "../../policy/facts.ts";

/** The visitor's digest, where the policy lets origins know it: other requests never pay for one. */
export function toldDigest(
  decision: Decision,
  facts: Facts,
  { visitorKey }: Config,
  route: string,
): string | undefined {
  if (!decision.node.visitorHeader || visitorKey === undefined) return undefined;
  const visitor = knownVisitor(decision, facts);
  return visitor === undefined ? undefined : visitorDigest(visitorKey, route, visitor);
}
