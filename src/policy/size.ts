import { message, words } from "../lib/strict-object.ts";
import type { Issue } from "../lib/issue.ts";
import { isFields, listOf, reportAt, siteOf, type Fields, type Site } from "./check-report.ts";
import { childrenOf } from "./children.ts";
import { strategyOf, type Language } from "./language.ts";
import {
  MAX_COMPILED_BYTES,
  MAX_EDITS,
  MAX_NODES,
  MAX_PREFIXES,
  MAX_RULES_TOGETHER,
  MAX_VARIANTS_TOGETHER,
  NODE_BYTES,
  VARIANT_BYTES,
} from "./limits.ts";

/** What a policy may have so many of, all policies inside it included. */
const LIMITS = {
  policies: [MAX_NODES, words("give a part of it a key of its own")],
  prefixes: [MAX_PREFIXES, words("give a part of them a key of their own")],
  variants: [MAX_VARIANTS_TOGETHER, words("give a part of it a key of its own")],
  rules: [MAX_RULES_TOGETHER, words("use path-maps, or lists inside a condition")],
  "header changes": [MAX_EDITS, words("make them at the origin, or once on a path-map")],
  "bytes of memory": [
    MAX_COMPILED_BYTES,
    words("shorten its prefixes, or give a part a key of its own"),
  ],
} as const;

type Counted = keyof typeof LIMITS;

const SIDES = ["request", "response"];
const KINDS = ["set", "add", "remove"];

/** How many header changes a `headers` field has, whatever its shape. */
function editsOf(headers: unknown): number {
  if (!isFields(headers)) return 0;
  let edits = 0;
  for (const changes of SIDES.map((side) => headers[side]).filter(isFields))
    for (const kind of KINDS) {
      const listed = changes[kind];
      if (typeof listed === "object" && listed !== null) edits += Object.keys(listed).length;
    }
  return edits;
}

/** How many header changes all that is the policy's own has: its origins and variants, and not the policies inside it. */
function editsIn(written: Fields): number {
  let edits = editsOf(written["headers"]);
  for (const value of Object.values(written)) {
    // A list of variants or mirrors, an origin, or something that holds one.
    for (const one of Array.isArray(value) ? value : [value]) {
      if (!isFields(one)) continue;
      edits += editsOf(one["headers"]);
      if (isFields(one["origin"])) edits += editsOf(one["origin"]["headers"]);
    }
  }
  return edits;
}

interface Waiting {
  readonly value: unknown;
  readonly site: Site;
  /** Characters of the way from the root: part of the default salt. */
  readonly wayChars: number;
}

/**
 * What is too much of in a policy, whatever its shape: one issue, at the place where the first bound
 * is passed; nothing for all others. Looks no further than that, so that a policy of any size is
 * refused before its schema walks it.
 */
export function checkSize(policy: unknown, language: Language): Issue[] {
  const counts: Record<Counted, number> = {
    policies: 0,
    prefixes: 0,
    variants: 0,
    rules: 0,
    "header changes": 0,
    "bytes of memory": 0,
  };
  const issues: Issue[] = [];
  const add = (what: Counted, count: number, { site }: Waiting, field?: string): boolean => {
    counts[what] += count;
    const [most, fix] = LIMITS[what];
    if (counts[what] <= most) return true;
    reportAt(issues, site)(
      field === undefined ? [] : [field],
      message(
        () => `is where the policy passes ${most} ${what} in all, the most that it may have`,
        fix ?? "",
      ),
    );
    return false;
  };
  const waiting: Waiting[] = [{ value: policy, site: siteOf(undefined, []), wayChars: 0 }];
  for (let item = waiting.pop(); item !== undefined; item = waiting.pop()) {
    const { value, site, wayChars } = item;
    if (!add("policies", 1, item) || !add("bytes of memory", NODE_BYTES + wayChars, item)) break;
    if (!isFields(value)) continue;
    const definition = strategyOf(value, language)?.definition;
    const variants = definition?.kind === "leaf" ? definition.variantNames(value).length : 0;
    const withinLimits =
      add("variants", variants, item, "variants") &&
      add("rules", listOf(value["rules"]).length, item, "rules") &&
      add("header changes", editsIn(value), item) &&
      add("bytes of memory", variants * VARIANT_BYTES, item);
    if (!withinLimits) break;
    const inside: Waiting[] = [];
    for (const { steps, value: child, prefix } of childrenOf(value, language)) {
      if (prefix !== "" && !add("prefixes", 1, item, String(steps[0]))) return issues;
      inside.push({ value: child, site: siteOf(site, steps), wayChars: wayChars + prefix.length });
    }
    for (const one of inside.toReversed()) waiting.push(one);
  }
  return issues;
}
