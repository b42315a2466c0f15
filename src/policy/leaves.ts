import type { CompiledPolicy, LeafNode, Node } from "./compiled.ts";

/** Every node of a policy that ends in an origin, those that rules lead to included. */
export function* leavesOf(policy: CompiledPolicy): Generator<LeafNode> {
  const waiting: Node[] = [policy.root];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    for (const rule of node.rules) if (rule.node !== undefined) waiting.push(rule.node);
    if (node.strategy !== "path-map") {
      yield node;
      continue;
    }
    if (node.fallThrough !== undefined) waiting.push(node.fallThrough);
    for (const branch of node.table.values()) waiting.push(branch.node);
  }
}
