import { join } from "../../lib/issue.ts";
import type { Draft } from "../draft.ts";
import { itemsOf, type Place } from "../place.ts";

/** Header changes as a policy writes them. */
export interface Changes {
  readonly set?: Readonly<Record<string, string>>;
  readonly add?: Readonly<Record<string, string>>;
  readonly remove?: readonly string[];
}

/** The changes of a modifier, and where each comes from, by the JSON path below them. */
export interface Modifier {
  readonly changes: Changes;
  readonly trail: ReadonlyMap<string, Place>;
}

function readValues(
  list: Place | undefined,
  kind: "set" | "add",
  trail: Map<string, Place>,
): Record<string, string> | undefined {
  const values = new Map<string, string>();
  for (const place of itemsOf(list)) {
    const fields = place.fields(["name", "value"]);
    const name = fields?.get("name")?.text()?.toLowerCase();
    const value = fields?.get("value")?.text();
    for (const needed of ["name", "value"])
      if (fields?.has(needed) === false) place.at(needed).error("is missing");
    if (name === undefined || value === undefined) continue;
    if (values.has(name)) {
      place.warning("has a name that stands there before: the first one counts alone");
      continue;
    }
    values.set(name, value);
    trail.set(join(`.${kind}`, name), place);
  }
  return values.size === 0 ? undefined : Object.fromEntries(values);
}

/** A `requestHeaderModifier` or `responseHeaderModifier`. Names are written in lower case. */
export function readModifier(place: Place): Modifier | undefined {
  const fields = place.fields(["set", "add", "remove"]);
  if (fields === undefined) return undefined;
  const trail = new Map([["", place]]);
  const set = readValues(fields.get("set"), "set", trail);
  const add = readValues(fields.get("add"), "add", trail);
  const names = new Set<string>();
  for (const item of itemsOf(fields.get("remove"))) {
    const name = item.text()?.toLowerCase();
    if (name === undefined) continue;
    if (Object.hasOwn(set ?? {}, name) || Object.hasOwn(add ?? {}, name))
      item.error("is set or added by the same filter, and one of them would do nothing");
    if (!names.has(name)) trail.set(join(".remove", names.size), item);
    names.add(name);
  }
  const changes = {
    ...(set === undefined ? {} : { set }),
    ...(add === undefined ? {} : { add }),
    ...(names.size === 0 ? {} : { remove: [...names] }),
  };
  return { changes, trail };
}

/** Writes header changes of both directions into a policy, a variant or an origin at `steps`. */
export function headersOf(
  draft: Draft,
  steps: readonly (string | number)[],
  sides: { readonly request: Modifier | undefined; readonly response: Modifier | undefined },
): Record<string, Changes> | undefined {
  const headers: Record<string, Changes> = {};
  for (const side of ["request", "response"] as const) {
    const modifier = sides[side];
    if (modifier === undefined || Object.keys(modifier.changes).length === 0) continue;
    headers[side] = modifier.changes;
    const base = [...steps, side].reduce<string>(join, "$");
    for (const [path, place] of modifier.trail) draft.noteAt(base + path, place);
  }
  return Object.keys(headers).length === 0 ? undefined : headers;
}
