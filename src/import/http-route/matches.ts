import { normalPath } from "../../lib/path.ts";
import { join } from "../../lib/issue.ts";
import { MAX_PREFIX_CHARS } from "../../policy/limits.ts";
import { readRegex } from "../../policy/predicates/regex-read.ts";
import type { Trail } from "../draft.ts";
import type { PathMatch } from "../entry.ts";
import { itemsOf, type Place } from "../place.ts";

/** One match of a rule, as conditions of a policy, with its precedence. */
export interface RouteMatch {
  readonly place: Place;
  readonly trail: Trail;
  readonly path: PathMatch;
  readonly conditions: Readonly<Record<string, unknown>>;
  readonly rank: readonly number[];
}

const METHODS = [
  "GET",
  "HEAD",
  "POST",
  "PUT",
  "DELETE",
  "CONNECT",
  "OPTIONS",
  "TRACE",
  "PATCH",
] as const;

/** What the API takes for a path. */
const PATH = {
  form: /^\/(?:[-A-Za-z0-9/._~!$&'()*+,;=:@]|%[0-9A-Fa-f]{2})*$/,
  must: "a path that begins with a slash, without query, fragment or other characters that URLs escape",
};

/** Forms that the API refuses, for servers read them differently. */
const UNCLEAR = /\/\/|\/\.{1,2}(?:\/|$)|%2f/i;

/** Of paths without an order of their own: ahead of every prefix, behind what is exact. */
const RANKS = { exact: 2, regex: 1, prefix: 0 } as const;

/** The match of a rule that has none. */
const EVERY_PATH: PathMatch = { kind: "prefix", value: "" };

/** The path of a place, in normal form. */
export function readPath(place: Place): string | undefined {
  const text = place.text(PATH);
  if (text === undefined) return undefined;
  if (text.length > MAX_PREFIX_CHARS)
    return place.error(`has more than ${MAX_PREFIX_CHARS} characters`);
  if (UNCLEAR.test(text))
    return place.error("holds an empty or a dot segment, or an encoded slash");
  return normalPath(text);
}

/** A regular expression of the subset that policies take: it fits the whole value. */
function readWhole(place: Place): string | undefined {
  const text = place.text();
  if (text === undefined) return undefined;
  const read = readRegex(text);
  if (read.ok) return text;
  const [what, fix] = read.error;
  return place.error(`is not a regular expression that policies take: ${what}; ${fix}`);
}

function readPathMatch(place: Place | undefined): PathMatch | undefined {
  if (place === undefined) return EVERY_PATH;
  const fields = place.fields(["type", "value"]);
  if (fields === undefined) return undefined;
  const kind =
    fields.get("type")?.word(["Exact", "PathPrefix", "RegularExpression"]) ?? "PathPrefix";
  const value = fields.get("value");
  if (value === undefined) return kind === "Exact" ? { kind: "exact", value: "/" } : EVERY_PATH;
  if (kind === "RegularExpression") {
    const regex = readWhole(value);
    return regex === undefined ? undefined : { kind: "regex", value: regex };
  }
  const path = readPath(value);
  if (path === undefined) return undefined;
  if (kind === "Exact") return { kind: "exact", value: path };
  if (path.includes("*"))
    return value.error("cannot be said: a star inside a prefix; an exact path may hold one");
  return { kind: "prefix", value: path.replace(/\/$/, "") };
}

/** Named values: of one name the first counts, as the API has it. */
function readNamed(
  list: Place | undefined,
  fold: (name: string) => string,
  condition: string,
  trail: Map<string, Place>,
): Record<string, unknown> | undefined {
  const named = new Map<string, unknown>();
  for (const place of itemsOf(list)) {
    const fields = place.fields(["type", "name", "value"]);
    const type = fields?.get("type")?.word(["Exact", "RegularExpression"]) ?? "Exact";
    const name = fields?.get("name")?.text({ form: /^[^]+$/, must: "a name" });
    const value = fields?.get("value");
    if (fields !== undefined && !fields.has("name")) place.at("name").error("is missing");
    if (fields !== undefined && value === undefined) place.at("value").error("is missing");
    const text = type === "Exact" ? value?.text() : value && readWhole(value);
    if (name === undefined || text === undefined) continue;
    const folded = fold(name);
    if (named.has(folded)) {
      place.warning("has a name that stands there before: the first one counts alone");
      continue;
    }
    named.set(folded, type === "Exact" ? text : { regex: text });
    trail.set(join(`$.${condition}`, folded), value ?? place);
  }
  if (list !== undefined) trail.set(`$.${condition}`, list);
  return named.size === 0 ? undefined : Object.fromEntries(named);
}

const asIs = (name: string): string => name;
const lower = (name: string): string => name.toLowerCase();

function rankOf(path: PathMatch, conditions: Readonly<Record<string, object | string>>): number[] {
  const count = (named: unknown): number =>
    typeof named === "object" && named !== null ? Object.keys(named).length : 0;
  return [
    RANKS[path.kind],
    path.kind === "prefix" ? path.value.length : 0,
    conditions["method"] === undefined ? 0 : 1,
    count(conditions["header"]),
    count(conditions["query"]),
    // Of those that are for one scheme alone.
    0,
  ];
}

function readMatch(place: Place): RouteMatch[] {
  const fields = place.fields(["path", "headers", "queryParams", "method"]);
  if (fields === undefined) return [];
  const trail = new Map([["$", place]]);
  const pathAt = fields.get("path");
  const path = readPathMatch(pathAt);
  const methodAt = fields.get("method");
  const method = methodAt?.word(METHODS);
  const header = readNamed(fields.get("headers"), lower, "header", trail);
  const query = readNamed(fields.get("queryParams"), asIs, "query", trail);
  if (pathAt !== undefined) trail.set("$.path", pathAt.at("value"));
  if (path === undefined) return [];
  const conditions = {
    ...(method === undefined ? {} : { method }),
    ...(header === undefined ? {} : { header }),
    ...(query === undefined ? {} : { query }),
  };
  return [{ place, trail, path, conditions, rank: rankOf(path, conditions) }];
}

/** The matches of a rule; one for every path where it has none. */
export function readMatches(list: Place | undefined, rule: Place): readonly RouteMatch[] {
  const items = itemsOf(list);
  if (items.length > 0) return items.flatMap(readMatch);
  const trail = new Map([["$", rule]]);
  return [{ place: rule, trail, path: EVERY_PATH, conditions: {}, rank: rankOf(EVERY_PATH, {}) }];
}
