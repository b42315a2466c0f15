import type { Entry } from "../entry.ts";
import { upwards } from "../entry.ts";
import { readMatches, type RouteMatch } from "../http-route/matches.ts";
import { Place } from "../place.ts";
import { ObjectReports } from "../report.ts";
import type { RouteLine } from "./lines.ts";

/** Matches of one route, at most: each is held against all others. */
const MAX_ORDERED = 500;

const isAbove = (above: string, path: string): boolean => [...upwards(path)].includes(above);

function mayMeet(one: Entry["path"], other: Entry["path"]): boolean {
  if (one.kind === "regex" || other.kind === "regex") return true;
  if (one.kind === "exact" && other.kind === "exact") return one.value === other.value;
  return (
    (one.kind === "prefix" && isAbove(one.value, other.value)) ||
    (other.kind === "prefix" && isAbove(other.value, one.value))
  );
}

const valuesOf = (value: unknown): readonly (readonly [string, unknown])[] =>
  typeof value === "object" && value !== null ? Object.entries(value) : [["", value]];

/** Whether no request fits both: they want other values of one thing. */
function exclude(one: RouteMatch["conditions"], other: RouteMatch["conditions"]): boolean {
  return Object.entries(one).some(([kind, value]) => {
    const beside = new Map(valuesOf(other[kind]));
    return valuesOf(value).some(([name, wanted]) => {
      const found = beside.get(name);
      return typeof wanted === "string" && typeof found === "string" && found !== wanted;
    });
  });
}

function goesFirst(one: readonly number[], other: readonly number[]): boolean {
  const at = one.findIndex((rank, index) => rank !== other[index]);
  return at !== -1 && (one[at] ?? 0) > (other[at] ?? 0);
}

/** Tells of lines that the precedence of the API would put ahead of others which the policy tries first. */
export function demandOrder(lines: readonly RouteLine[]): void {
  const all = lines.flatMap(({ place, matches }, index) => {
    const nobody = new ObjectReports("", 0);
    const list = new Place(matches, "matches", nobody);
    return readMatches(list, list).map((match) => ({ place, index, match }));
  });
  if (all.length > MAX_ORDERED) {
    lines[0]?.place.error(`makes more than ${MAX_ORDERED} matches: part the policy`);
    return;
  }
  for (const [at, later] of all.entries()) {
    const first = all
      .slice(0, at)
      .find(
        ({ index, match }) =>
          index !== later.index &&
          goesFirst(later.match.rank, match.rank) &&
          mayMeet(later.match.path, match.path) &&
          !exclude(match.conditions, later.match.conditions),
      );
    if (first !== undefined)
      later.place.error(
        `cannot be said in this order: an HTTPRoute tries it ahead of ${first.place.field || "what the policy tries first"}`,
      );
  }
}
