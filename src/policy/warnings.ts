import { shownIssues, type Issue } from "../lib/issue.ts";
import { pathOf, reportAt, siteOf, type Fields, type Site } from "./check-report.ts";
import { childrenOf } from "./children.ts";
import type { Common } from "./common.ts";
import type { StickyInput } from "./fields/sticky.ts";
import { LANGUAGE, strategyOf, type Language } from "./language.ts";
import type { Policy } from "./schema.ts";
import type { Written } from "./strategies/definition.ts";

interface Member {
  readonly from: number;
  readonly to: number;
  readonly site: Site;
}

/** Whether browsers on the hosts of a route take a cookie for this domain; a route that is not named by a host may have any. */
function takesDomain(key: string, domain: string): boolean {
  if (!key.includes(".")) return true;
  const host = key.replace(/^\*\./, "");
  const wanted = domain.replace(/^\./, "").toLowerCase();
  return host === wanted || host.endsWith(`.${wanted}`);
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
        '"by" has "cookie" and "ip": every visitor is known by address at once, so nobody ever gets a cookie',
        'take "ip" away, or "cookie"',
      );
    if (cookie.sameSite === "strict")
      report(
        ["cookie", "sameSite"],
        '"sameSite": "strict" keeps the cookie from every visit that a link on another site leads to, and such a visit is drawn for itself alone',
        'write "lax", unless nobody comes from other sites',
      );
    if (cookie.partitioned === true && cookie.sameSite !== "none")
      report(
        ["cookie", "partitioned"],
        '"partitioned" is for frames on other sites, which get the cookie under "sameSite": "none" only',
        'write "sameSite": "none", or take "partitioned" away',
      );
    if (cookie.domain !== undefined && !takesDomain(this.#key ?? "", cookie.domain))
      report(
        ["cookie", "domain"],
        `browsers refuse a cookie for "${cookie.domain}" from "${this.#key}": nobody would be known again`,
        'write the route\'s own host or a domain above it, or take "domain" away',
      );
  }

  rules({ rules = [] }: Common, site: Site, pins: boolean): void {
    for (const [index, rule] of rules.entries()) {
      if (rule.pin !== true || (pins && rule.variant !== undefined)) continue;
      reportAt(this.found, site)(
        ["rules", index, "pin"],
        rule.variant === undefined
          ? '"pin" does nothing here: the rule leads to a policy, which pins what it chooses itself'
          : '"pin" does nothing here: this policy keeps no pins',
        rule.variant === undefined
          ? 'take "pin" away'
          : 'write "sticky": {"mode": "pin"} on a weighted or canary policy, or take "pin" away',
      );
    }
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
            `the ranges of the group "${name}" overlap: who falls into both is in this experiment and in ${pathOf(before.site)}`,
            "give each experiment of a group a range of its own",
          );
        if (before === undefined || member.to > before.to) before = member;
      }
    }
  }
}

/**
 * What is odd about a valid policy, though it will be served: fields that do nothing, or hardly what
 * somebody meant. `key` is the route's, where it is known. Pure, and linear in the policy but for
 * sorting the members of a group.
 */
export function warningsOf(policy: Policy, key?: string, language: Language = LANGUAGE): Issue[] {
  const warnings = new Warnings(key);

  function visit(written: Written, site: Site, common: Common, stickyAt: Site): void {
    const definition = strategyOf(written, language)?.definition;
    const sites = written.sticky === undefined ? stickyAt : siteOf(site, ["sticky"]);
    const inForce: Common = { ...common, ...written };
    if (definition?.kind === "leaf") {
      const { sticky, group } = inForce;
      const pins = definition.pins && sticky !== false && sticky?.mode === "pin";
      warnings.rules(written, site, pins);
      // What asks who comes and keeps no pins is a drain, which gives the cookie beside any other source.
      if (definition.asksWho(written)) warnings.sticky(sticky, sites, !definition.pins);
      if (definition.splits) warnings.group(group, site);
    } else warnings.rules(written, site, false);
    const isMap = definition?.kind === "map";
    const { sticky: stickyBelow, group: groupBelow } = isMap ? inForce : common;
    const handed: Common = {
      ...(stickyBelow === undefined ? {} : { sticky: stickyBelow }),
      ...(groupBelow === undefined ? {} : { group: groupBelow }),
    };
    const fields: Fields = { ...written };
    for (const child of childrenOf(fields, language)) {
      if (typeof child.value !== "object" || child.value === null) continue;
      const inner: Written = child.value;
      visit(inner, siteOf(site, child.steps), handed, isMap ? sites : stickyAt);
    }
  }

  const root = siteOf(undefined, []);
  if (typeof policy !== "string") visit(policy, root, {}, root);
  warnings.groups();
  return shownIssues(warnings.found);
}
