import type { Node, PathMapNode } from "../../policy/compiled.ts";

/** Where a path leads: the node, and the part of the path that is taken off before forwarding. */
export interface Step {
  readonly node: Node;
  readonly prefix: string;
  readonly stripped: string;
}

/** The branch with the longest prefix that the path lies under, or the default, or nothing. */
export function pathMap(node: PathMapNode, path: string): Step | undefined {
  const found = node.table.find(path);
  if (found !== undefined) {
    return {
      node: found.value.node,
      prefix: found.prefix,
      stripped: found.value.strip ? found.prefix : "",
    };
  }
  return node.fallThrough && { node: node.fallThrough, prefix: "/", stripped: "" };
}
