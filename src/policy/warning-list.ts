import { takesEveryPath } from "./conditions/path.ts";
import type { MatchInput } from "./conditions/index.ts";
import { isFields, pathOf, reportAt, type Site } from "./check-report.ts";
import type { Common } from "./common.ts";
import type { StickyInput } from "./fields/sticky.ts";
import { takesDomain } from "./host-name.ts";
import type { Idle } from "./idle-fields.ts";
import { message } from "../lib/strict-object.ts";
import type { Issue } from "../lib/issue.ts";

/** Whether a rule takes every request; conditions by name that name nothing hold always. */
const takesAll = ({ path, ...others }: MatchInput): boolean =>
  (path === undefined || takesEveryPath(path)) &&
  Object.values(others).every((one) => isFields(one) && Object.keys(one).length === 0);

interface Member {
  readonly from: number;
  readonly to: number;
  readonly site: Site;
}

/** What is odd about a policy's visitors: no fault, but hardly what somebody meant. */
export class Warnings {
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
          `browsers refuse a cookie for "${cookie.domain}" from "${this.#key}", so there it is set for the host alone`,
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
