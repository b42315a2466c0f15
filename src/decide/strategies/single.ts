import type { SingleNode } from "../../policy/compiled.ts";
import type { Strategy } from "./choice.ts";

/** One origin for everybody. */
export const single: Strategy<SingleNode> = (node) => ({
  variant: node.variants[0],
  reason: "only",
});
