import { compareReleases } from "../lib/release.ts";
import { isFields, pathOf, siteOf, type Fields, type Site } from "./check-report.ts";
import { childrenOf } from "./children.ts";
import { LANGUAGE, strategyOf, type Language } from "./language.ts";

/**
 * Words of the policy language, and the release that was the first to know each. A word is a name at its place:
 * `strategy=weighted`, `weighted.variants.origin` (a strategy's field, lists looked through), `cache.vary` (a common
 * field), `match.country` (a condition), `is.prefix` (a predicate), `bots=split` (one of a field's values).
 */
export type Since = Readonly<Record<string, string>>;

/**
 * The words that came after the first release. A gateway from before one of them serves no policy that says it. The
 * gateway never loads this; test/unit/policy/words.json has the words of the first release, which stand nowhere here.
 */
export const SINCE: Since = {};

/** A word that a policy says, and where it says it first. */
export interface NewWord {
  /** The word as {@link Since} has it. */
  readonly word: string;
  /** A JSON path: `$.rules[0].policy.cache`. */
  readonly path: string;
  /** The release that was the first to know it. */
  readonly since: string;
}

/** Conditions, and changes of headers, that hold values by names of the writer's own: as words those are looked through, as lists are. */
const NAMED = { condition: new Set(["header", "query", "cookie"]), value: new Set(["set", "add"]) };

/** What is to be looked at, as which word. */
interface Place {
  readonly value: unknown;
  readonly word: string;
  readonly site: Site;
  readonly kind: "value" | "match" | "condition";
  /** Whether its names are the writer's own. */
  readonly isNamed: boolean;
}

/** What stands under a name right inside a value. */
function named(place: Place, name: string): Pick<Place, "word" | "kind" | "isNamed"> {
  const { word, kind, isNamed } = place;
  if (isNamed) return { word, kind, isNamed: false };
  if (kind === "match")
    return { word: `match.${name}`, kind: "condition", isNamed: NAMED.condition.has(name) };
  if (kind === "condition") return { word: `is.${name}`, kind, isNamed: false };
  const below = name === "match" ? "match" : "value";
  return { word: `${word}.${name}`, kind: below, isNamed: NAMED.value.has(name) };
}

/** What stands right inside a value. */
function inside(place: Place): Place[] {
  const { value, site } = place;
  if (Array.isArray(value))
    return value.map((item: unknown, index) => ({
      ...place,
      value: item,
      site: siteOf(site, [index]),
    }));
  if (!isFields(value)) return [];
  return Object.entries(value).map(([name, part]) => ({
    value: part,
    site: siteOf(site, [name]),
    ...named(place, name),
  }));
}

/** The fields of one policy. What a field of its strategy is called begins with the strategy's name. */
function fieldsOf(policy: Fields, site: Site, language: Language): Place[] {
  const name = strategyOf(policy, language)?.name ?? "";
  const isCommon = (field: string) => field === "strategy" || Object.hasOwn(language.fields, field);
  return Object.entries(policy).map(([field, value]) => ({
    value,
    word: isCommon(field) ? field : `${name}.${field}`,
    site: siteOf(site, [field]),
    kind: "value",
    isNamed: false,
  }));
}

/**
 * The words of `since` that a valid policy says, each at its first place. Its work grows with the policy and no faster.
 */
export function newWords(
  written: unknown,
  since: Since = SINCE,
  language: Language = LANGUAGE,
): NewWord[] {
  const longest = Math.max(0, ...Object.keys(since).map((word) => word.length));
  const found = new Map<string, NewWord>();
  const policies: { readonly policy: unknown; readonly site: Site }[] =
    longest === 0 ? [] : [{ policy: written, site: siteOf(undefined, []) }];
  const meet = (word: string, site: Site): void => {
    const release = Object.hasOwn(since, word) ? since[word] : undefined;
    if (release !== undefined && !found.has(word))
      found.set(word, { word, path: pathOf(site), since: release });
  };
  for (let next = policies.pop(); next !== undefined; next = policies.pop()) {
    const { policy, site } = next;
    if (!isFields(policy)) continue;
    const children = [...childrenOf(policy, language)];
    const elsewhere = new Set(children.map(({ value }) => value).filter(isFields));
    const waiting = fieldsOf(policy, site, language).toReversed();
    for (let place = waiting.pop(); place !== undefined; place = waiting.pop()) {
      const { value } = place;
      // Names of the writer's own may be long: what no word begins with is not carried on.
      const word = place.word.length > longest ? "" : place.word;
      meet(word, place.site);
      if (isFields(value) && elsewhere.has(value)) continue;
      if (typeof value === "string" && value.length <= longest)
        meet(`${word}=${value}`, place.site);
      for (const part of inside({ ...place, word }).toReversed()) waiting.push(part);
    }
    for (const { value, steps } of children.toReversed())
      policies.push({ policy: value, site: siteOf(site, steps) });
  }
  return [...found.values()];
}

/** Those words that a gateway of some release does not know; none where it cannot be told which release is older. */
export const unknownTo = (release: string, words: readonly NewWord[]): NewWord[] =>
  words.filter(({ since }) => (compareReleases(since, release) ?? 0) > 0);
