import { message } from "../lib/strict-object.ts";
import { shownIssues, type Issue } from "../lib/issue.ts";
import { isFields, pathOf, reportAt, siteOf, type Fields, type Site } from "./check-report.ts";
import { childrenOf, type PolicyChild } from "./children.ts";
import type { Common } from "./common.ts";
import { oddGoals } from "./goal-warnings.ts";
import { takesDomain } from "./host-name.ts";
import { idleFields, type Idle } from "./idle-fields.ts";
import { prefixesOf, takesEveryPath } from "./conditions/path.ts";
import type { MatchInput } from "./conditions/index.ts";
import type { StickyInput } from "./fields/sticky.ts";
import { LANGUAGE, strategyOf, type Language } from "./language.ts";
import { matchedBy, readPathKey } from "./path-key.ts";
import { takesPrefixOff } from "./rewrite.ts";
import type { Policy } from "./schema.ts";
import { secretWarnings } from "./secret-warnings.ts";
import type { Written } from "./strategies/definition.ts";

interface Member {
  readonly from: number;
  readonly to: number;
  readonly site: Site;
}

/** What is odd about a policy's visitors: no fault, but hardly what somebody meant. */
class Warnings {
  readonly found: Issue[] = [];
  readonly #key: string | undefined;
  readonly #groups = new Map<string, Member[]>();
  readonly #told = new Set<StickyInput>();

  constructor(key: string | undefined) {
    this.#key = key;
  }

  sticky(sticky: StickyInput | undefined, site: Site, drains: boolean): void {
    if (sticky === undefined || sticky === false || this.#told.has(sticky)) return;
    const { by = ["cookie"], mode = "hash", cookie = {} } = sticky;
    if (!by.includes("cookie")) return;
    this.#told.add(sticky);
    const report = reportAt(this.found, site);
    if (by.includes("ip") && mode === "hash" && !drains)
      report(
        ["by"],
        message(
          '"by" has "cookie" and "ip": every visitor is known by address at once, so nobody ever gets a cookie',
          'take "ip" away, or "cookie"',
        ),
      );
    if (cookie.sameSite === "strict")
      report(
        ["cookie", "sameSite"],
        message(
          '"sameSite": "strict" keeps the cookie from every visit that a link on another site leads to, and such a visit is drawn for itself alone',
          'write "lax", unless nobody comes from other sites',
        ),
      );
    if (cookie.partitioned === true && cookie.sameSite !== "none")
      report(
        ["cookie", "partitioned"],
        message(
          '"partitioned" is for frames on other sites, which get the cookie under "sameSite": "none" only',
          'write "sameSite": "none", or take "partitioned" away',
        ),
      );
    if (cookie.domain !== undefined && !takesDomain(this.#key ?? "", cookie.domain))
      report(
        ["cookie", "domain"],
        message(
          `browsers refuse a cookie for "${cookie.domain}" from "${this.#key}": nobody would be known again`,
          'write the route\'s own host or a domain above it, or take "domain" away',
        ),
      );
  }

  rules({ rules = [] }: Common, site: Site, pins: boolean): void {
    const last = rules.findIndex(({ match }) => takesAll(match));
    for (const [index, rule] of rules.entries()) {
      if (last !== -1 && index > last)
        reportAt(this.found, site)(
          ["rules", index],
          message(
            `"rules[${index}]" does nothing here: "rules[${last}]" takes every request before it`,
            "put it ahead of that one, or take it away",
          ),
        );
      if (rule.pin !== true || (pins && rule.variant !== undefined)) continue;
      reportAt(this.found, site)(
        ["rules", index, "pin"],
        message(
          rule.variant === undefined
            ? '"pin" does nothing here: the rule leads to a policy, which pins what it chooses itself'
            : '"pin" does nothing here: this policy keeps no pins',
          rule.variant === undefined
            ? 'take "pin" away'
            : 'write "sticky": {"mode": "pin"} on a weighted or canary policy, or take "pin" away',
        ),
      );
    }
  }

  /** A time-out that every origin it could be for says otherwise, or that has no origin. */
  timeout(site: Site): void {
    reportAt(this.found, site)(
      ["timeoutMs"],
      message('"timeoutMs" does nothing here: every origin has its own', 'take "timeoutMs" away'),
    );
  }

  tell(odd: Iterable<Idle>, site: Site): void {
    const report = reportAt(this.found, site);
    for (const { steps, message: problem, fix } of odd) report(steps, message(problem, fix));
  }

  /** What a map says of taking off is about the keys below it. */
  mapStrips(field: string, site: Site): void {
    reportAt(this.found, site)(
      [field],
      message(
        `"${field}" does nothing here: this path-map has no key that could be taken off`,
        `take "${field}" away`,
      ),
    );
  }

  /** A prefix that is put in place of none. */
  puts(prefix: string, site: Site): void {
    reportAt(this.found, site)(
      ["rewrite", "prefix"],
      message(
        `puts "${prefix}" in front of every path here: no key of a path-map and no rule with a prefix leads here`,
        "write it as the base path of the origin, if that is what is meant",
      ),
    );
  }

  group(group: Common["group"], site: Site): void {
    if (group === undefined) return;
    const members = this.#groups.get(group.name) ?? [];
    this.#groups.set(group.name, members);
    members.push({ from: group.from, to: group.to, site });
  }

  /** Every group with members that share visitors; sorted, so that only neighbours have to be compared. */
  groups(): void {
    for (const [name, members] of this.#groups) {
      const sorted = members.toSorted((a, b) => a.from - b.from);
      let before = sorted[0];
      for (const member of sorted.slice(1)) {
        if (before !== undefined && member.from < before.to)
          reportAt(this.found, member.site)(
            [],
            message(
              `the ranges of the group "${name}" overlap: who falls into both is in this experiment and in ${pathOf(before.site)}`,
              "give each experiment of a group a range of its own",
            ),
          );
        if (before === undefined || member.to > before.to) before = member;
      }
    }
  }
}

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

/** Whether a rule takes every request; conditions by name that name nothing hold always. */
const takesAll = ({ path, ...others }: MatchInput): boolean =>
  (path === undefined || takesEveryPath(path)) &&
  Object.values(others).every((one) => isFields(one) && Object.keys(one).length === 0);

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
 * somebody meant. `key` is the route's, where it is known. Pure, and linear in the policy but for
 * sorting the members of a group.
 */
export function warningsOf(policy: Policy, key?: string, language: Language = LANGUAGE): Issue[] {
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
      const variants = definition.variantNames(fields).length;
      warnings.tell(idleFields({ definition, written, inForce, variants, hasPrefix }), site);
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
