import { isFields, type Fields } from "../../policy/check-report.ts";
import type { Place } from "../place.ts";

/** A match of an HTTPRoute. */
export type WrittenMatch = Readonly<Record<string, unknown>>;

/** Matches of one rule together, at most: more cannot be looked over by anybody. */
const MAX_MATCHES = 64;

const SPECIAL = /[\\^$.*+?()[\]{}|/]/g;

const escaped = (text: string): string => text.replace(SPECIAL, "\\$&");

interface Value {
  readonly type: "Exact" | "RegularExpression";
  readonly value: string;
}

const exact = (value: string): Value => ({ type: "Exact", value });
const regex = (value: string): Value => ({ type: "RegularExpression", value });

/** What a condition is as an object, where the API has a word for it. */
function ofPredicate(fields: Fields): Value | undefined {
  const [[name, written] = ["", undefined], ...others] = Object.entries(fields);
  if (typeof written !== "string" || others.length > 0) return undefined;
  if (name === "regex") return regex(written);
  if (name === "prefix") return regex(`${escaped(written)}.*`);
  if (name === "suffix") return regex(`.*${escaped(written)}`);
  return name === "contains" ? regex(`.*${escaped(written)}.*`) : undefined;
}

/** The values that a condition takes, of which any will do. */
function valuesOf(place: Place): readonly Value[] | undefined {
  const { value } = place;
  if (typeof value === "string") return [exact(value)];
  if (Array.isArray(value)) return value.map((one) => exact(String(one)));
  if (value === true) return [regex(".*")];
  const found = isFields(value) ? ofPredicate(value) : undefined;
  return found === undefined
    ? place.error(
        "cannot be said by a match: the API asks for what is there, and not for its opposite",
      )
    : [found];
}

function pathsOf(place: Place): readonly WrittenMatch[] | undefined {
  return valuesOf(place)?.map(({ type, value }) => {
    if (type !== "Exact") return { path: { type, value } };
    return value.endsWith("/*")
      ? { path: { type: "PathPrefix", value: value.slice(0, -2) || "/" } }
      : { path: { type, value } };
  });
}

function namedOf(place: Place, list: string): readonly WrittenMatch[] | undefined {
  let matches: readonly WrittenMatch[] = [{}];
  for (const [name, child] of place.children() ?? []) {
    const values = valuesOf(child);
    if (values === undefined) return undefined;
    matches = matches.flatMap((match) =>
      values.map((one) => {
        const before = match[list];
        const all: unknown[] = Array.isArray(before) ? before : [];
        return { [list]: [...all, { ...one, name }] };
      }),
    );
    if (matches.length > MAX_MATCHES) return place.error("has too many alternatives");
  }
  return matches;
}

function partOf(name: string, place: Place): readonly WrittenMatch[] | undefined {
  switch (name) {
    case "path":
      return pathsOf(place);
    case "header":
      return namedOf(place, "headers");
    case "query":
      return namedOf(place, "queryParams");
    case "method": {
      const values = valuesOf(place);
      if (values?.some(({ type }) => type !== "Exact") === true)
        return place.error("cannot be said by a match: a method is a word");
      return values?.map(({ value }) => ({ method: value.toUpperCase() }));
    }
    default:
      return place.error("cannot be said by a match of an HTTPRoute");
  }
}

/** The matches that stand for the conditions of a rule: any of them will do. Of a host's scheme nothing is said. */
export function matchesOf(
  place: Place,
  { withoutScheme }: { readonly withoutScheme: boolean },
): readonly WrittenMatch[] | undefined {
  let matches: readonly WrittenMatch[] = [{}];
  let isWhole = true;
  for (const [name, child] of place.children() ?? []) {
    if (name === "scheme" && withoutScheme) continue;
    const parts = partOf(name, child);
    if (parts === undefined) isWhole = false;
    else matches = matches.flatMap((match) => parts.map((part) => ({ ...match, ...part })));
    if (matches.length > MAX_MATCHES) return place.error("has too many alternatives");
  }
  return isWhole ? matches : undefined;
}
