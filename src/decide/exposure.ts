import type { LeafNode } from "../policy/compiled.ts";
import { isCovered, isInGroup } from "./coverage.ts";
import type { Decision } from "./outcome.ts";

/** How a visitor came to their variant, as far as results depend on it. */
export type Exposure = "drawn" | "pinned" | "older" | "rule";

const isDrawnHere = ({ node, variant }: Decision, visitor: string, now: number): boolean =>
  isIn(node, visitor) &&
  node.definition.decide(node, () => ({ visitor, known: undefined }), now).variant === variant;

const isIn = (node: LeafNode, visitor: string): boolean =>
  isCovered(node, visitor) && (node.group === undefined || isInGroup(node.group, visitor));

/**
 * Whether a decision exposes somebody to an experiment: "drawn" where this request drew them under
 * the allocation in force, "pinned" where an earlier draw did that gave the same, "older" where a
 * draw did that this allocation would not repeat, "rule" where a rule did. Nothing where the request
 * does not count, or nobody can be known again. Pure; `now` in ms since the epoch.
 */
export function exposureOf(decision: Decision, now: number): Exposure | undefined {
  const { who, counted, reason, byRulePin } = decision;
  if (who?.lasts !== true || who.source === "ip") return undefined;
  if (byRulePin) return "rule";
  if (!counted) return undefined;
  if (reason !== "pinned") return "drawn";
  return isDrawnHere(decision, who.visitor, now) ? "pinned" : "older";
}
