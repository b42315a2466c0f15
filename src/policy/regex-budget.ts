import type { Issue } from "../lib/issue.ts";
import { isFields, listOf, reportAt, siteOf, type Fields, type Site } from "./check-report.ts";
import { childrenOf } from "./children.ts";
import type { Language } from "./language.ts";
import { MAX_REGEX_COST_TOGETHER } from "./limits.ts";
import { readRegex } from "./predicates/regex-cost.ts";

interface Dearest {
  readonly cost: number;
  readonly site: Site;
  readonly regex: string;
}

function costOf(regex: string): number {
  const read = readRegex(regex);
  return read.ok ? read.value : 0;
}

/** Every regular expression of a rule's conditions. */
function regexesOf(match: unknown, { conditions }: Language): readonly string[] {
  if (!isFields(match)) return [];
  return Object.entries(match).flatMap(
    ([name, written]) => conditions[name]?.regexes(written) ?? [],
  );
}

/**
 * What all regular expressions together cost that one request may meet in a policy: those of every
 * rule that is tried, at each policy on its way. Above the bound there is one issue, at the dearest
 * rule. Expects a policy that has passed its schema.
 */
export function checkRegexBudget(policy: unknown, language: Language): Issue[] {
  let dearest: Dearest | undefined;

  function note(cost: number, regex: string, site: Site): void {
    if (dearest === undefined || cost > dearest.cost) dearest = { cost, regex, site };
  }

  /** The most that a request meets from here on. */
  function visit(written: Fields, site: Site): number {
    let tried = 0;
    const triedBefore: number[] = [];
    for (const [index, rule] of listOf(written["rules"]).entries()) {
      const match = isFields(rule) ? rule["match"] : undefined;
      for (const regex of regexesOf(match, language)) {
        const cost = costOf(regex);
        tried += cost;
        note(cost, regex, siteOf(site, ["rules", index, "match"]));
      }
      triedBefore.push(tried);
    }
    let most = tried;
    for (const { steps, value } of childrenOf(written, language)) {
      if (!isFields(value)) continue;
      const [field, index] = steps;
      const before = field === "rules" && typeof index === "number" ? triedBefore[index] : tried;
      most = Math.max(most, (before ?? tried) + visit(value, siteOf(site, steps)));
    }
    return most;
  }

  const issues: Issue[] = [];
  const total = isFields(policy) ? visit(policy, siteOf(undefined, [])) : 0;
  if (total > MAX_REGEX_COST_TOGETHER && dearest !== undefined) {
    const { site, regex, cost } = dearest;
    reportAt(issues, site)(
      [],
      `the regular expressions that one request may meet cost ${total} steps at worst, of ${MAX_REGEX_COST_TOGETHER} allowed; the dearest, with ${cost}, is ${JSON.stringify(regex)}`,
      "bound its quantifiers by 8 at most, or use prefixes and lists",
    );
  }
  return issues;
}
