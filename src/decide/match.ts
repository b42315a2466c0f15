import type { Condition, Match, PathPattern } from "../policy/compiled.ts";
import type { Facts } from "../policy/facts.ts";

function holds(condition: Condition, value: string | undefined): boolean {
  if (condition.is === "absent") return value === undefined;
  if (value === undefined) return false;
  switch (condition.is) {
    case "present":
      return true;
    case "any":
      return condition.values.has(value);
    case "prefix":
      return value.startsWith(condition.value);
    case "suffix":
      return value.endsWith(condition.value);
    case "contains":
      return value.includes(condition.value);
    default:
      return condition satisfies never;
  }
}

/** Repeated values: one that fits is enough; absent means that none is there. */
function anyHolds(condition: Condition, values: readonly string[]): boolean {
  return values.length === 0
    ? holds(condition, undefined)
    : values.some((value) => holds(condition, value));
}

function pathHolds(patterns: readonly PathPattern[], path: string): boolean {
  return patterns.some((pattern) =>
    pattern.under
      ? path === pattern.path || path.startsWith(`${pattern.path}/`)
      : path === pattern.path,
  );
}

/**
 * Whether a request is what a rule asks for; all conditions must hold. `path` is the path as the
 * rule's policy was handed it. A repeated header counts as its combined value (RFC 9110 §5.3).
 */
export function matches(match: Match, facts: Facts, path: string): boolean {
  return (
    (match.method === undefined || holds(match.method, facts.method)) &&
    (match.host === undefined || holds(match.host, facts.host)) &&
    (match.path === undefined || pathHolds(match.path, path)) &&
    match.header.every(([name, condition]) => holds(condition, facts.header(name))) &&
    match.query.every(([name, condition]) => anyHolds(condition, facts.query(name))) &&
    match.cookie.every(([name, condition]) => anyHolds(condition, facts.cookie(name))) &&
    (match.country === undefined || holds(match.country, facts.country())) &&
    (match.bot === undefined || match.bot === facts.bot())
  );
}
