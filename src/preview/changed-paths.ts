import { normalPrefix } from "../lib/path.ts";
import type { Policy } from "../policy/schema.ts";

interface Level {
  /** What path-maps above take off before this one sees the path. */
  readonly stripped: string;
  /** The whole path that leads here. */
  readonly path: string;
  /** What path-maps above say that holds here too, as a number: texts would grow with each level and branch. */
  readonly above: number;
  /** Whether path-maps above take prefixes off. */
  readonly strips: boolean;
}

/** Numbers for texts: the same for the same text. */
class Numbers {
  readonly #known = new Map<string, number>();

  of(text: string): number {
    let number = this.#known.get(text);
    if (number === undefined) this.#known.set(text, (number = this.#known.size + 1));
    return number;
  }
}

function walk(policy: Policy, level: Level, found: Map<string, string>, numbers: Numbers): void {
  if (typeof policy === "string" || policy.strategy !== "path-map") {
    found.set(level.path, `${level.above} ${JSON.stringify(policy)}`);
    return;
  }
  const { paths, default: otherwise, ...own } = policy;
  const above = numbers.of(`${level.above} ${JSON.stringify(own)}`);
  const inherited = policy.stripPrefix ?? level.strips;
  if (otherwise !== undefined)
    walk(otherwise, { ...level, above, strips: inherited }, found, numbers);
  for (const [key, child] of Object.entries(paths)) {
    const prefix = normalPrefix(key) ?? "";
    const path = level.stripped + prefix;
    const strips = (typeof child === "object" ? child.stripPrefix : undefined) ?? inherited;
    const here = path === "" ? "/" : path;
    walk(
      child,
      { stripped: strips ? path : level.stripped, path: here, above, strips: inherited },
      found,
      numbers,
    );
  }
}

/** One path for each branch of a policy, with a text that changes when what serves it may change. */
export function branchesOf(policy: Policy, numbers: Numbers = new Numbers()): Map<string, string> {
  const found = new Map<string, string>();
  walk(policy, { stripped: "", path: "/", above: 0, strips: false }, found, numbers);
  return found;
}

/** The paths whose branch differs between two policies, in order; all of them where one policy is absent. */
export function changedPaths(before: Policy | undefined, after: Policy | undefined): string[] {
  const numbers = new Numbers();
  const branches = (policy: Policy | undefined) =>
    policy === undefined ? new Map<string, string>() : branchesOf(policy, numbers);
  const [from, to] = [branches(before), branches(after)];
  return [...new Set([...from.keys(), ...to.keys()])]
    .filter((path) => from.get(path) !== to.get(path))
    .toSorted();
}
