import type { LeafNode, Variant } from "../../policy/compiled.ts";
import type { Identity } from "../identity.ts";
import { activeColour, blueGreen } from "./blue-green.ts";
import { canary, canaryPercent, isLapsed } from "./canary.ts";
import type { Choice } from "./choice.ts";
import { single } from "./single.ts";
import { weighted } from "./weighted.ts";

/** Runs a leaf's strategy. */
export function choose(node: LeafNode, who: () => Identity, now: number): Choice {
  switch (node.strategy) {
    case "single":
      return single(node, who, now);
    case "weighted":
      return weighted(node, who, now);
    case "canary":
      return canary(node, who, now);
    case "blue-green":
      return blueGreen(node, who, now);
    default:
      return node satisfies never;
  }
}

/** Who serves those that are in no experiment: the first listed, stable, or the active colour. */
export function defaultVariant(node: LeafNode, now: number): Variant {
  switch (node.strategy) {
    case "single":
    case "weighted":
      return node.variants[0];
    case "canary":
      return node.stable;
    case "blue-green":
      return activeColour(node, now);
    default:
      return node satisfies never;
  }
}

/** Whether a visitor may stay pinned to a variant. Only weighted and canary split, so only they keep pins. */
export function honoursPin(node: LeafNode, variant: Variant, now: number): boolean {
  switch (node.strategy) {
    case "single":
    case "blue-green":
      return false;
    case "weighted":
      return variant.weight > 0 || keepsAtZero(node);
    case "canary":
      if (variant === node.stable) return canaryPercent(node, now) < 100 || keepsAtZero(node);
      return !isLapsed(node, now) && (canaryPercent(node, now) > 0 || keepsAtZero(node));
    default:
      return node satisfies never;
  }
}

function keepsAtZero(node: LeafNode): boolean {
  return node.sticky !== false && node.sticky.onZero === "keep";
}
