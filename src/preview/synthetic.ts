import type { CompiledPolicy } from "../policy/compiled.ts";
import type { Facts } from "../policy/facts.ts";
import { murmur3 } from "../lib/hash.ts";
import { leavesOf } from "../policy/leaves.ts";
import { COOKIE_VERSION, encodeVisitor } from "../decide/visitor.ts";

/** Far above what the draws use, so that no synthetic id is correlated with one of them. */
const ID_SEEDS = [101, 102, 103] as const;

const WEEK_MS = 604_800_000;

/** Ids that are remembered: as many as one preview has visitors, half a megabyte. To make them is a quarter of its work. */
const MAX_KEPT_IDS = 10_000;

const kept: string[] = [];

const makeId = (n: number): string =>
  ID_SEEDS.map((seed) => murmur3(String(n), seed).toString(16).padStart(8, "0"))
    .join("")
    .slice(0, 22);

/** The id of the n-th synthetic visitor: always the same, and in the form of a real one. */
export function syntheticId(n: number): string {
  // Visitors are sent in their order, so the list has no holes.
  if (n === kept.length && n < MAX_KEPT_IDS) kept.push(makeId(n));
  return kept[n] ?? makeId(n);
}

/** What the policies under test may ask of a visitor. */
export interface Asked {
  readonly cookies: ReadonlySet<string>;
  readonly headers: ReadonlySet<string>;
  readonly queries: ReadonlySet<string>;
  /** Consent cookies, with the value that means consent. */
  readonly consents: ReadonlyMap<string, string>;
}

/** Collects every way in which some policies know a visitor. */
export function askedBy(policies: readonly CompiledPolicy[]): Asked {
  const cookies = new Set<string>();
  const headers = new Set<string>();
  const queries = new Set<string>();
  const consents = new Map<string, string>();
  for (const policy of policies) {
    for (const name of policy.cookieNames) cookies.add(name);
    for (const leaf of leavesOf(policy)) {
      if (leaf.consent !== undefined) consents.set(leaf.consent.cookie, leaf.consent.value ?? "1");
      for (const source of leaf.sticky === false ? [] : leaf.sticky.by) {
        if (source.from === "header") headers.add(source.name);
        if (source.from === "query") queries.add(source.name);
      }
    }
  }
  return { cookies, headers, queries, consents };
}

/**
 * Makes the facts of synthetic visitors, each by an id: known for a week, consenting, no crawler, and
 * known by every source under a name of its own, so that a change of source shows as the reshuffle it is.
 */
export function syntheticFacts(base: Facts, asked: Asked): (id: string) => Facts {
  const times = encodeVisitor({ id: "", seenAt: base.now - WEEK_MS, sentAt: base.now, pins: [] });
  // The id is the only part that differs: it stands behind the version.
  const behind = times.slice(COOKIE_VERSION.length + 1);
  return (id) => ({
    ...base,
    ip: () => base.ip() ?? `ip-${id}`,
    header: (name) => base.header(name) ?? (asked.headers.has(name) ? `${name}-${id}` : undefined),
    query: (name) => {
      const given = base.query(name);
      return given.length === 0 && asked.queries.has(name) ? [`${name}-${id}`] : given;
    },
    cookie: (name) => {
      const given = base.cookie(name);
      if (given.length > 0) return given;
      if (asked.cookies.has(name)) return [`${COOKIE_VERSION}.${id}${behind}`];
      const consent = asked.consents.get(name);
      return consent === undefined ? [] : [consent];
    },
    randomId: () => id,
  });
}
