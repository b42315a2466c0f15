import type { BackendTable } from "../backends.ts";
import { checkEntries } from "../check.ts";
import { MAX_TEXT_CHARS } from "../../policy/limits.ts";
import type { Entry, Table } from "../entry.ts";
import { isBookkeeping, type Manifest } from "../objects.ts";
import { itemsOf, type Place } from "../place.ts";
import { readBackends } from "./backend-refs.ts";
import { readFilters } from "./filters.ts";
import { hostsOf, hostsOfParents, type Gateways } from "./gateways.ts";
import { readMatches, type RouteMatch } from "./matches.ts";
import { demandPrefix } from "./path-modifier.ts";
import { readSession } from "./session.ts";
import { targetOfRule } from "./target.ts";
import { readRetry, readTimeouts } from "./timing.ts";

const RULE_FIELDS = [
  "name",
  "matches",
  "filters",
  "backendRefs",
  "timeouts",
  "retry",
  "sessionPersistence",
];

/** What a rule's entry is called: its own name, or the route's with the rule's number, and the match's where there are several. */
function nameOf(
  route: string,
  own: string | undefined,
  index: number,
  matches: readonly RouteMatch[],
  at: number,
): string {
  const rule = own ?? `${route}-${index}`;
  return matches.length > 1 ? `${rule}-${at}` : rule;
}

/** An entry of a route, and whether it is a redirect that changes the scheme alone, or the host with it. */
interface RouteEntry extends Entry {
  readonly elsewhere: { readonly scheme: string; readonly host: string | undefined } | undefined;
}

/**
 * The same entry for one host. A redirect to the URL that was asked for, but for its scheme, is for
 * the other scheme alone: for its own it would never end. So it goes ahead of what is for both.
 */
function onHost(key: string, { elsewhere, ...entry }: RouteEntry): Entry {
  if (elsewhere === undefined || (elsewhere.host ?? key) !== key) return entry;
  const scheme = elsewhere.scheme === "https" ? "http" : "https";
  return {
    ...entry,
    conditions: { ...entry.conditions, scheme },
    rank: [...entry.rank.slice(0, -1), 1],
  };
}

function readRule(
  rule: Place,
  index: number,
  { namespace, name: route, reports }: Manifest,
  rules: Place,
  backendTable: BackendTable,
): readonly RouteEntry[] {
  const fields = rule.fields(RULE_FIELDS);
  if (fields === undefined) return [];
  const own = fields.get("name")?.text();
  const matches = readMatches(fields.get("matches"), rule);
  const filters = readFilters(itemsOf(fields.get("filters")), namespace, backendTable);
  const refs = itemsOf(fields.get("backendRefs"));
  const { backends, nowhere } = readBackends(refs, namespace, backendTable);
  const paths = matches.map(({ path }) => path);
  for (const { redirect, rewrite } of [filters, ...backends.map((one) => one.filters)]) {
    for (const one of [redirect, rewrite])
      if (one?.pathPlace !== undefined) demandPrefix(one.pathPlace, one.newPath, paths);
  }
  const session = fields.get("sessionPersistence");
  const policy = session && readSession(session);
  const timeouts = fields.get("timeouts");
  const retry = fields.get("retry");
  const target = targetOfRule({
    rule,
    filters,
    backends,
    nowhere,
    hasBackends: refs.length > 0,
    sticky: session && policy && { place: session, policy },
    timing: [
      ...(timeouts === undefined
        ? []
        : [[timeouts, readTimeouts.bind(undefined, timeouts)] as const]),
      ...(retry === undefined ? [] : [[retry, readRetry.bind(undefined, retry)] as const]),
    ],
    salt: matches.length > 1 ? `${namespace}/${route}/${own ?? index}` : undefined,
  });
  if (target === undefined) return [];
  return matches.map((match, at): RouteEntry => ({
    ...target,
    elsewhere: filters.redirect?.elsewhere,
    owners: [reports],
    place: match.place,
    matchTrail: match.trail,
    rules,
    name: nameOf(route, own, index, matches, at),
    path: match.path,
    conditions: match.conditions,
    rank: match.rank,
  }));
}

/** The entries of an HTTPRoute for each of its hosts. What is wrong with it is told at its places. */
export function readHttpRoute(route: Manifest, gateways: Gateways, backends: BackendTable): Table {
  const { root, fields, metadata } = route;
  root.fields(["apiVersion", "kind", "metadata", "spec", "status"]);
  for (const [name, place] of metadata.get("annotations")?.children() ?? [])
    if (!isBookkeeping(name)) place.warning("is left out: what a route means is read in its spec");
  const spec = fields.get("spec");
  if (spec === undefined) {
    root.at("spec").error("is missing");
    return [];
  }
  const parts = spec.fields(["parentRefs", "hostnames", "rules", "useDefaultGateways"]);
  if (parts === undefined) return [];
  const open = hostsOfParents(parts.get("parentRefs"), gateways, route.namespace);
  const hosts = hostsOf(parts.get("hostnames"), open, spec);
  const rules = parts.get("rules") ?? spec.at("rules", [{}]);
  const entries = rules.items().map((rule, index) => readRule(rule, index, route, rules, backends));
  const all = entries.flat();
  const chars = all.reduce((sum, one) => sum + one.chars, 0) * Math.max(1, hosts.length);
  if (chars > MAX_TEXT_CHARS) {
    rules.error(`makes more than ${MAX_TEXT_CHARS} characters of policies: part the route`);
    return [];
  }
  for (const one of entries) checkEntries(one);
  return hosts.map((host) => [host, all.map((entry) => onHost(host, entry))]);
}
