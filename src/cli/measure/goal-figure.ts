import { NONE, percentOr } from "./figures.ts";
import type { GoalResult } from "./shapes.ts";

/** What a variant reaches of a goal: its rate, or its mean a visitor; a dash for none. */
export function goalFigure(goal: GoalResult | undefined, variant: string): string {
  const found = goal?.variants.find((one) => one.variant === variant);
  if (found === undefined) return NONE;
  if ("rate" in found) return percentOr(found.rate);
  return found.mean === null ? NONE : found.mean.toFixed(2);
}
