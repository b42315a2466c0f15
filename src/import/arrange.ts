import { join } from "../lib/issue.ts";
import { MAX_RULES } from "../policy/limits.ts";
import { isPure, upwards, type Entry } from "./entry.ts";
import { Names } from "./names.ts";

/** Exact paths that become rules: of more, each request would try half. */
const MAX_EXACT_RULES = 20;

/** Entries of one key as a policy, with the paths in it that each entry stands at. */
export interface Arranged {
  readonly policy: unknown;
  readonly rules: number;
  /** Characters of its parts as JSON. */
  readonly chars: number;
  /** Entries by the JSON path of their policy, and of their rule where they are one. */
  readonly standing: ReadonlyMap<string, Entry>;
}

/** Paths that are spoken for, to be held against others. */
class Paths {
  readonly #exact = new Set<string>();
  readonly #prefixes = new Set<string>();
  #any = false;

  add({ kind, value }: Entry["path"]): void {
    if (kind === "exact") this.#exact.add(value);
    else if (kind === "prefix") this.#prefixes.add(value);
    else this.#any = true;
  }

  /** Whether all requests for a path are spoken for. A regular expression may fit anything, so only every path covers it. */
  covers({ kind, value }: Entry["path"]): boolean {
    if (kind === "regex") return this.#prefixes.has("");
    if (kind === "exact" && this.#exact.has(value)) return true;
    return [...upwards(value)].some((prefix) => this.#prefixes.has(prefix));
  }

  /** Whether some request for a path may be spoken for, but for paths below it. */
  mayMeet(path: Entry["path"]): boolean {
    return this.#any || this.covers(path);
  }
}

/** Entries that a request can reach; of the others it is told that an earlier one takes everything. */
function reachable(entries: readonly Entry[]): Entry[] {
  const taken = new Paths();
  const seen = new Set<string>();
  return entries.filter((entry) => {
    const match = JSON.stringify([entry.path, entry.conditions]);
    if (taken.covers(entry.path) || seen.has(match)) {
      entry.place.warning("is never reached: what stands before it takes all of its requests");
      return false;
    }
    if (isPure(entry)) taken.add(entry.path);
    seen.add(match);
    return true;
  });
}

/** Whether a path can be a key of `paths`: an exact one with a trailing slash cannot, for keys have none. */
const fitsKey = ({ kind, value }: Entry["path"]): boolean =>
  kind === "prefix" || (kind === "exact" && (value === "/" || !value.endsWith("/")));

/**
 * Entries whose path alone decides, and that no rule has to be tried after: keys need no order. What
 * stands after one of them and below its path is never reached, so only paths above count.
 */
function keyed(entries: readonly Entry[]): Set<Entry> {
  const found = new Set<Entry>();
  const rulesAfter = new Paths();
  for (const entry of entries.toReversed()) {
    if (isPure(entry) && fitsKey(entry.path) && !rulesAfter.mayMeet(entry.path)) found.add(entry);
    else rulesAfter.add(entry.path);
  }
  return found;
}

/** Characters that mean something in a regular expression. */
const SPECIAL = /[\\^$.*+?()[\]{}|/]/g;

function pathCondition({ kind, value }: Entry["path"]): unknown {
  if (kind === "regex") return { regex: value };
  if (kind === "prefix") return value === "" ? undefined : `${value}/*`;
  // A star at the end of an exact path would be read as "everything below".
  return value.includes("*") ? { regex: value.replace(SPECIAL, "\\$&") } : value;
}

/** The conditions of an entry as `match` of a policy. */
export function matchOf(entry: Entry): Record<string, unknown> {
  const path = pathCondition(entry.path);
  const match = path === undefined ? entry.conditions : { path, ...entry.conditions };
  return Object.keys(match).length === 0 ? { path: "/*" } : match;
}

const keyOf = ({ kind, value }: Entry["path"]): string => (kind === "exact" ? `=${value}` : value);

/**
 * Makes one policy of the entries of one key, in order of precedence: rules in that order, and keys
 * of a path-map for what only asks for a path and needs no order.
 */
export function arrange(ordered: readonly Entry[]): Arranged {
  const entries = reachable(ordered);
  const [only] = entries;
  if (only !== undefined && entries.length === 1 && isPure(only) && only.path.value === "")
    return { policy: only.policy, rules: 0, chars: only.chars, standing: new Map([["$", only]]) };
  const keys = keyed(entries);
  const exact = [...keys].filter(({ path }) => path.kind === "exact");
  const others = entries.length - keys.size;
  // Rules are the plainer form; keys have more room, and are looked up, not tried one by one.
  if (exact.length <= MAX_EXACT_RULES && others + exact.length <= MAX_RULES)
    for (const entry of exact) keys.delete(entry);
  const names = new Names();
  const standing = new Map<string, Entry>();
  const paths: [string, unknown][] = [];
  const rules: unknown[] = [];
  let otherwise: unknown;
  for (const entry of entries) {
    if (keys.has(entry)) {
      const key = keyOf(entry.path);
      if (key === "") otherwise = entry.policy;
      else paths.push([key, entry.policy]);
      standing.set(key === "" ? "$.default" : join("$.paths", key), entry);
    } else {
      standing.set(`$.rules[${rules.length}]`, entry);
      rules.push({ name: names.take(entry.name), match: matchOf(entry), policy: entry.policy });
    }
  }
  return {
    policy: {
      strategy: "path-map",
      ...(rules.length > 0 ? { rules } : {}),
      ...(paths.length > 0 || rules.length === 0 ? { paths: Object.fromEntries(paths) } : {}),
      ...(otherwise === undefined ? {} : { default: otherwise }),
    },
    rules: rules.length,
    chars: entries.reduce((sum, { chars }) => sum + chars, 0),
    standing,
  };
}
