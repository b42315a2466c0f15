import type { Line } from "./line.ts";

/** Conditions of a policy's `match`. */
type Conditions = Readonly<Record<string, unknown>>;

/** A value that any will do for. */
const ANY_VALUE = /^:[A-Za-z]\w*$/;

function queryOf({ query, to }: Line): Conditions {
  if (query.length === 0) return {};
  const used = new Set(String(to.value).split(/[/?&=]/));
  for (const [, value, place] of query)
    if (ANY_VALUE.test(value) && used.has(value))
      place.error("cannot be said: a parameter's value cannot become a part of the target");
  const named = query.map(([name, value]) => [name, ANY_VALUE.test(value) ? true : value] as const);
  return { query: Object.fromEntries(named) };
}

const oneOrMany = (values: readonly string[]): unknown =>
  values.length === 1 ? values[0] : [...values];

/** The conditions of a line, any of which will do: several cookies are alternatives, and become rules of their own. */
export function readConditions(line: Line): readonly Conditions[] {
  const common: Record<string, unknown> = { ...queryOf(line) };
  let cookies: readonly string[] = [];
  for (const [name, values, place] of line.conditions) {
    const known = name.toLowerCase();
    if (values.length === 0) place.error("names nothing");
    if (known === "country") common["country"] = oneOrMany(values.map((one) => one.toUpperCase()));
    else if (known === "language") common["language"] = oneOrMany(values);
    else if (known === "cookie") cookies = values;
    else if (known === "role")
      place.error("cannot be said: a policy does not look into tokens; let the origin decide");
    else place.error("is not a condition that is known: Country, Language, Cookie and Role are");
  }
  if (cookies.length === 0) return [common];
  return cookies.map((cookie) => ({ ...common, cookie: { [cookie]: true } }));
}
