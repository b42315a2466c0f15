import { LANGUAGE } from "../../../src/policy/language.ts";

/** The fields of one object in the policy language: name → may it be left out. */
export type Fields = ReadonlyMap<string, boolean>;

/** Texts and values that lead each `v.lazy` of the schemas down all its ways. */
const PROBES: readonly unknown[] = [{}, [], "", false, { query: "" }, { header: "" }];

type Some = Readonly<Record<string, unknown>>;
const isSome = (value: unknown): value is Some => typeof value === "object" && value !== null;

function asFunction(value: unknown): ((input: unknown) => unknown) | undefined {
  return typeof value === "function" ? (value as (input: unknown) => unknown) : undefined;
}

/** What a schema wraps: items, values, the ways of a choice. A policy inside a policy is not followed. */
function* inside(schema: Some): Generator<Some> {
  const getter = asFunction(schema["getter"]);
  if (getter !== undefined) {
    if ([schema, getter({})].includes(LANGUAGE.policy)) return;
    // Each way once: nearly all probes lead down the same, and at the next level again.
    for (const way of new Set(PROBES.map((probe) => getter(probe)))) if (isSome(way)) yield way;
  }
  for (const key of ["wrapped", "item", "value"]) {
    const part = schema[key];
    if (isSome(part)) yield part;
  }
}

/** Collects the objects that may stand in a schema: path in dots (empty for the schema itself) → its fields. */
export function objectsOf(
  schema: unknown,
  path = "",
  above: readonly unknown[] = [],
): Map<string, Map<string, boolean>> {
  const all = new Map<string, Map<string, boolean>>();
  const merge = (from: ReadonlyMap<string, Fields>) => {
    for (const [at, fields] of from) {
      const known = all.get(at) ?? new Map<string, boolean>();
      for (const [name, optional] of fields) known.set(name, optional);
      all.set(at, known);
    }
  };
  // A condition may hold another one: what is inside itself has been seen.
  if (!isSome(schema) || above.includes(schema)) return all;
  const below = [...above, schema];
  const { entries } = schema;
  if (isSome(entries)) {
    const optional = (entry: unknown) => isSome(entry) && entry["type"] === "exact_optional";
    merge(
      new Map([
        [path, new Map(Object.entries(entries).map(([name, entry]) => [name, optional(entry)]))],
      ]),
    );
    for (const [name, entry] of Object.entries(entries))
      merge(objectsOf(entry, path === "" ? name : `${path}.${name}`, below));
  }
  for (const part of inside(schema)) merge(objectsOf(part, path, below));
  return all;
}
