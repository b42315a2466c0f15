import type { CompiledPolicy, Node } from "../../../src/policy/compiled.ts";

type Leaf = Exclude<Node, { strategy: "path-map" }>;

/** A node that ends in an origin. Throws where it does not. */
export function leaf(node: Node | undefined): Leaf {
  if (node === undefined || node.strategy === "path-map") throw new Error("not a leaf");
  return node;
}

/** The leaf under a path of a path-map, or the whole policy where it is one. */
export function leafAt({ root }: CompiledPolicy, path = ""): Leaf {
  return leaf(root.strategy === "path-map" ? root.table.find(path)?.value.node : root);
}
