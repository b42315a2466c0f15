import { shownIssues, type Issue } from "../lib/issue.ts";
import { isFields, siteOf, type Fields, type Site } from "./check-report.ts";
import { childrenOf, type PolicyChild } from "./children.ts";
import type { Common } from "./common.ts";
import { oddGoals } from "./goal-warnings.ts";
import { oddGuard } from "./guard-warnings.ts";
import { idleFields } from "./idle-fields.ts";
import { prefixesOf } from "./conditions/path.ts";
import { oddNames } from "./name-warnings.ts";
import { LANGUAGE, strategyOf, type Language } from "./language.ts";
import { matchedBy, readPathKey } from "./path-key.ts";
import { takesPrefixOff } from "./rewrite.ts";
import type { Policy } from "./schema.ts";
import { Warnings } from "./warning-list.ts";
import { secretWarnings } from "./secret-warnings.ts";
import type { Written } from "./strategies/definition.ts";

/** A policy on the way through all of them. */
interface Visit {
  readonly written: Written;
  readonly site: Site;
  /** What path-maps hand down to it. */
  readonly common: Common;
  /** Where the stickiness in force is written. */
  readonly stickyAt: Site;
  /** Whether a key or a rule leads to it, whose prefix may be taken off. */
  readonly hasPrefix: boolean;
  /** Whether some part of the path led there, on the whole way. */
  readonly isMatched: boolean;
}

/** Whether an origin is waited for as long as its policy says. */
const hasNoTimeout = (origin: unknown): boolean =>
  typeof origin === "string" || (isFields(origin) && origin["timeoutMs"] === undefined);

const isPolicyObject = (value: unknown): value is Written =>
  typeof value === "object" && value !== null;

/** Whether a key other than that of every path, or of `/` alone, leads to a policy. */
function hasKey({ prefix }: PolicyChild): boolean {
  const read = readPathKey(prefix);
  return read !== undefined && matchedBy(read) !== "";
}

/** Of each rule whether it names a prefix. */
const rulesWithPrefix = ({ rules = [] }: Common): boolean[] =>
  rules.map(({ match }) => prefixesOf(match.path).length > 0);

/** Of the common fields in force, those that matter to what is odd further in. */
const HANDED = new Set([
  "sticky",
  "coverage",
  "group",
  "mirror",
  "fallback",
  "visitorHeader",
  "consent",
  "headers",
]);

const handedBy = (fields: Common): Common =>
  Object.fromEntries(Object.entries(fields).filter(([name]) => HANDED.has(name)));

/**
 * What is odd about a valid policy, though it will be served: fields that do nothing, or hardly what
 * somebody meant. `key` is the route's, and `receivers` are those of notices, where they are known. Pure, and linear in the policy but for
 * sorting the members of a group.
 */
export function warningsOf(
  policy: Policy,
  key?: string,
  receivers?: readonly string[],
  language: Language = LANGUAGE,
): Issue[] {
  const warnings = new Warnings(key);

  /** Gives whether some origin in the policy has the time-out that is handed down to it. */
  function visit(place: Visit): boolean {
    const { written, site, common, stickyAt, hasPrefix } = place;
    const definition = strategyOf(written, language)?.definition;
    const sites = written.sticky === undefined ? stickyAt : siteOf(site, ["sticky"]);
    const inForce: Common = { ...common, ...written };
    const fields: Fields = { ...written };
    const children = [...childrenOf(fields, language)];
    let leans = false;
    if (definition?.kind === "leaf") {
      const { sticky, group } = inForce;
      const pins = definition.pins && sticky !== false && sticky?.mode === "pin";
      warnings.rules(written, site, pins);
      const names = definition.variantNames(fields);
      const variants = names.length;
      warnings.tell(oddNames(names), site);
      warnings.tell(idleFields({ definition, written, inForce, variants, hasPrefix }), site);
      warnings.tell(oddGuard({ definition, written, inForce, receivers }), site);
      // What asks who comes and keeps no pins is a drain, which gives the cookie beside any other source.
      if (definition.asksWho(written)) warnings.sticky(sticky, sites, !definition.pins);
      if (definition.splits) warnings.group(group, site);
      const put = written.rewrite?.prefix ?? "";
      const isMatched = place.isMatched || rulesWithPrefix(written).includes(true);
      if (put !== "" && !isMatched && takesPrefixOff(written) !== true) warnings.puts(put, site);
      leans = [...definition.origins(fields).map(({ value }) => value), inForce.fallback].some(
        hasNoTimeout,
      );
      if (written.timeoutMs !== undefined && !leans) warnings.timeout(site);
      leans &&= written.timeoutMs === undefined;
    } else {
      warnings.rules(written, site, false);
      const isAbove = children.some(
        (child) => hasKey(child) || (isPolicyObject(child.value) && isMap(child.value)),
      );
      const field = written.rewrite === undefined ? "stripPrefix" : "rewrite";
      if (takesPrefixOff(written) === true && !hasPrefix && !isAbove)
        warnings.mapStrips(field, site);
    }
    const handed = definition?.kind === "map" ? handedBy(inForce) : handedBy(common);
    const byPrefix = rulesWithPrefix(written);
    for (const child of children) {
      if (!isPolicyObject(child.value)) {
        leans = true;
        continue;
      }
      const [field = "", index] = child.steps;
      const isOfField = Object.hasOwn(language.fields, field);
      const isLeaning = visit({
        written: child.value,
        site: siteOf(site, child.steps),
        common: handed,
        stickyAt: definition?.kind === "map" ? sites : stickyAt,
        hasPrefix: hasKey(child) || isOfField,
        isMatched:
          place.isMatched || hasKey(child) || (isOfField && byPrefix[Number(index)] === true),
      });
      leans ||= isLeaning;
    }
    if (definition?.kind !== "map" || written.timeoutMs === undefined) return leans;
    if (!leans) warnings.timeout(site);
    return false;
  }

  function isMap(written: Written): boolean {
    return strategyOf(written, language)?.definition.kind === "map";
  }

  const root = siteOf(undefined, []);
  if (typeof policy !== "string") {
    warnings.tell(oddGoals(policy, language), root);
    visit({
      written: policy,
      site: root,
      common: {},
      stickyAt: root,
      hasPrefix: false,
      isMatched: false,
    });
  }
  warnings.groups();
  return shownIssues([...warnings.found, ...secretWarnings(policy)]);
}
