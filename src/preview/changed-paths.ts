import { normalPrefix } from "../lib/path.ts";
import type { Policy } from "../policy/schema.ts";

interface Level {
  /** What path-maps above take off before this one sees the path. */
  readonly stripped: string;
  /** The whole path that leads here. */
  readonly path: string;
  /** What path-maps above say that holds here too. */
  readonly above: string;
  /** Whether path-maps above take prefixes off. */
  readonly strips: boolean;
}

function walk(policy: Policy, level: Level, found: Map<string, string>): void {
  if (typeof policy === "string" || policy.strategy !== "path-map") {
    found.set(level.path, level.above + JSON.stringify(policy));
    return;
  }
  const { paths, default: otherwise, ...own } = policy;
  const above = level.above + JSON.stringify(own);
  const inherited = policy.stripPrefix ?? level.strips;
  if (otherwise !== undefined) walk(otherwise, { ...level, above, strips: inherited }, found);
  for (const [key, child] of Object.entries(paths)) {
    const prefix = normalPrefix(key) ?? "";
    const path = level.stripped + prefix;
    const strips = (typeof child === "object" ? child.stripPrefix : undefined) ?? inherited;
    const here = path === "" ? "/" : path;
    walk(
      child,
      { stripped: strips ? path : level.stripped, path: here, above, strips: inherited },
      found,
    );
  }
}

/** One path for each branch of a policy, with a text that changes when what serves it may change. */
export function branchesOf(policy: Policy): Map<string, string> {
  const found = new Map<string, string>();
  walk(policy, { stripped: "", path: "/", above: "", strips: false }, found);
  return found;
}

/** The paths whose branch differs between two policies, in order; all of them where one policy is absent. */
export function changedPaths(before: Policy | undefined, after: Policy | undefined): string[] {
  const from = before === undefined ? new Map<string, string>() : branchesOf(before);
  const to = after === undefined ? new Map<string, string>() : branchesOf(after);
  return [...new Set([...from.keys(), ...to.keys()])]
    .filter((path) => from.get(path) !== to.get(path))
    .toSorted();
}
