import { parseCookie } from "cookie-es";

import { percentDecoded } from "./percent-decoding.ts";

/** Cookies of one request that are read: a browser keeps a fifth of that for one site (Chrome: 180). */
export const MAX_COOKIES = 1000;

/** Parameters of one query that are read; servers commonly take as many. */
export const MAX_PARAMETERS = 1000;

/** Values of one name that are read: each rule that asks for the name looks at all of them. */
export const MAX_VALUES = 20;

/** What a request says under names: all values of a name, in order; none where it is absent. */
export type NamedValues = (name: string) => readonly string[];

const NONE: readonly string[] = [];

const asIs = (text: string): string => text;

/**
 * The cookies of a `Cookie` field, {@link MAX_COOKIES} of them and {@link MAX_VALUES} of one name, malformed pairs passed over; a value
 * whose percent-encoding is broken stays as it is. Parsed at the first look-up, once, and decoded
 * where a name is asked for.
 */
export function cookiesIn(field: string): NamedValues {
  let pairs: Readonly<Record<string, string | string[] | undefined>> | undefined;
  const known = new Map<string, readonly string[]>();
  return (name) => {
    if (field === "") return NONE;
    if (pairs === undefined) {
      let room = MAX_COOKIES;
      pairs = parseCookie(field, {
        allowMultiple: true,
        decode: asIs,
        filter: () => (room -= 1) >= 0,
      });
    }
    const found = pairs[name];
    if (found === undefined) return NONE;
    let values = known.get(name);
    if (values === undefined) {
      const all = typeof found === "string" ? [found] : found;
      values = all.slice(0, MAX_VALUES).map(percentDecoded);
      known.set(name, values);
    }
    return values;
  };
}

/** The beginning of a query that holds so many parameters. */
function beginning(search: string, parameters: number): string {
  let end = -1;
  for (let left = parameters; left > 0; left -= 1) {
    end = search.indexOf("&", end + 1);
    if (end === -1) return search;
  }
  return search.slice(0, end);
}

/**
 * The parameters of a query (`?a=1&b=2`), {@link MAX_PARAMETERS} of them and {@link MAX_VALUES} of one name, decoded as forms are
 * (WHATWG URL §5.1). Parsed at the first look-up, once.
 */
export function parametersIn(search: string): NamedValues {
  let parameters: Map<string, string[]> | undefined;
  return (name) => {
    if (search === "") return NONE;
    if (parameters === undefined) {
      parameters = new Map();
      for (const [one, value] of new URLSearchParams(beginning(search, MAX_PARAMETERS))) {
        const values = parameters.get(one);
        if (values === undefined) parameters.set(one, [value]);
        else if (values.length < MAX_VALUES) values.push(value);
      }
    }
    return parameters.get(name) ?? NONE;
  };
}
