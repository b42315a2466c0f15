import type { CompiledPolicy, LeafNode, Node } from "./compiled.ts";

/** Every node of a policy that ends in an origin, those that rules lead to included. */
export function* leavesOf({ root }: Pick<CompiledPolicy, "root">): Generator<LeafNode> {
  const waiting: Node[] = [root];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    for (const rule of node.rules) if (rule.node !== undefined) waiting.push(rule.node);
    if (node.kind === "leaf") yield node;
    if (node.kind === "map") for (const inner of node.definition.nodes(node)) waiting.push(inner);
  }
}
