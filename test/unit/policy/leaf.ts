import type { CompiledPolicy, LeafNode, Node } from "../../../src/policy/compiled.ts";

/** A node that ends in an origin. Throws where it does not. */
export function leaf(node: Node | undefined): LeafNode {
  if (node?.kind !== "leaf") throw new Error("not a leaf");
  return node;
}

/** The leaf under a path of a path-map, or the whole policy where it is one. */
export function leafAt({ root }: CompiledPolicy, path = ""): LeafNode {
  return leaf(root.kind === "map" ? root.definition.step(root, path)?.node : root);
}
