import { message } from "../lib/strict-object.ts";
import type { Issue } from "../lib/issue.ts";
import { isFields, listOf, reportAt, siteOf, type Fields, type Site } from "./check-report.ts";
import { childrenOf } from "./children.ts";
import type { Language } from "./language.ts";
import { MAX_REGEX_COST_TOGETHER, MAX_REGEXES_TOGETHER, MAX_TEXTS_TOGETHER } from "./limits.ts";
import type { Search } from "./predicates/definition.ts";
import { readRegex } from "./predicates/regex-read.ts";

/** What one request meets: how many texts to be found and regular expressions, and what the latter cost. */
interface Met {
  readonly texts: number;
  readonly regexes: number;
  readonly cost: number;
}

interface Dearest {
  readonly cost: number;
  readonly site: Site;
  readonly regex: string;
}

function costOf(regex: string): number {
  const read = readRegex(regex);
  return read.ok ? read.value.cost : 0;
}

/** Every search of a rule's conditions. */
function searchesOf(match: unknown, { conditions }: Language): readonly Search[] {
  if (!isFields(match)) return [];
  return Object.entries(match).flatMap(
    ([name, written]) => conditions[name]?.searches(written) ?? [],
  );
}

const NONE: Met = { texts: 0, regexes: 0, cost: 0 };
const both = (a: Met, b: Met): Met => ({
  texts: a.texts + b.texts,
  regexes: a.regexes + b.regexes,
  cost: a.cost + b.cost,
});
const larger = (a: Met, b: Met): Met => ({
  texts: Math.max(a.texts, b.texts),
  regexes: Math.max(a.regexes, b.regexes),
  cost: Math.max(a.cost, b.cost),
});

/**
 * What all searches together come to that one request may meet in a policy: those of every goal, and of
 * every rule that is tried, at each policy on its way. Above the bound on cost there is one issue, at the dearest
 * rule; above one on their number, one at the root. Expects a policy that has passed its schema.
 */
export function checkSearchBudget(policy: unknown, language: Language): Issue[] {
  let dearest: Dearest | undefined;

  function costAt(site: Site, { regex }: Search): Met {
    if (regex === undefined) return { ...NONE, texts: 1 };
    const cost = costOf(regex);
    if (dearest === undefined || cost > dearest.cost) dearest = { cost, regex, site };
    return { texts: 0, regexes: 1, cost };
  }

  /** What each goal or rule of a policy looks for. */
  const metBy = (field: "goals" | "rules", written: Fields, site: Site): Met[] =>
    listOf(written[field]).map((one, index) =>
      searchesOf(isFields(one) ? one["match"] : undefined, language)
        .map((search) => costAt(siteOf(site, [field, index, "match"]), search))
        .reduce(both, NONE),
    );

  /** The most that a request meets from here on. */
  function visit(written: Fields, site: Site): Met {
    let tried = NONE;
    const triedBefore = metBy("rules", written, site).map((met) => (tried = both(tried, met)));
    let most = tried;
    for (const { steps, value } of childrenOf(written, language)) {
      if (!isFields(value)) continue;
      const [field, index] = steps;
      const before = field === "rules" && typeof index === "number" ? triedBefore[index] : tried;
      most = larger(most, both(before ?? tried, visit(value, siteOf(site, steps))));
    }
    return most;
  }

  const issues: Issue[] = [];
  const root = siteOf(undefined, []);
  // Each request is held against every goal of the route.
  const met = isFields(policy)
    ? metBy("goals", policy, root).reduce(both, visit(policy, root))
    : NONE;
  const { texts, regexes, cost: total } = met;
  if (total > MAX_REGEX_COST_TOGETHER && dearest !== undefined) {
    const { site, regex, cost } = dearest;
    reportAt(issues, site)(
      [],
      message(
        () =>
          `the regular expressions that one request may meet cost ${total} steps at worst, of ${MAX_REGEX_COST_TOGETHER} allowed; the dearest, with ${cost}, is ${JSON.stringify(regex)}`,
        "bound its quantifiers by 8 at most, or use prefixes and lists",
      ),
    );
  }
  for (const [count, allowed, what] of [
    [regexes, MAX_REGEXES_TOGETHER, "regular expressions"],
    [texts, MAX_TEXTS_TOGETHER, 'texts to be found ("contains")'],
  ] as const) {
    if (count <= allowed) continue;
    reportAt(issues, root)(
      [],
      message(
        () => `one request may meet ${count} ${what} in its rules and goals, of ${allowed} allowed`,
        "use lists, prefixes and suffixes, or part the rules by path",
      ),
    );
  }
  return issues;
}
