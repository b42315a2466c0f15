import type { LanguageDocs } from "../../../src/policy/docs.ts";
import type { Language } from "../../../src/policy/language.ts";
import { policyJsonSchema } from "../../../src/api/openapi/policy-schema.ts";
import { typeName } from "../../../src/api/openapi/json-schema.ts";

/** The release whose words stand in test/unit/policy/words.json, and in no table. */
export const FIRST_RELEASE = "0.1.0";

type Schema = Readonly<Record<string, unknown>>;

const isSchema = (value: unknown): value is Schema =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const REF = /^#\/\$defs\/(.*)$/;

/** Every word of a policy language, as `src/policy/since.ts` calls them, sorted. */
export function wordsOf(language: Language, docs: LanguageDocs): string[] {
  const definitions = (policyJsonSchema(language, docs) as { $defs: Record<string, Schema> }).$defs;
  const words = new Set<string>();

  /** `below` says how a name of this schema's is called. */
  function walk(schema: unknown, word: string, below: (name: string) => string, above: string[]) {
    if (Array.isArray(schema)) for (const one of schema) walk(one, word, below, above);
    if (!isSchema(schema)) return;
    const [, name] = REF.exec(typeof schema["$ref"] === "string" ? schema["$ref"] : "") ?? [];
    // A policy inside a policy is looked at by itself, and so are conditions inside conditions.
    if (name !== undefined && name !== "Policy" && !above.includes(name))
      walk(
        definitions[name],
        word,
        name === "Match"
          ? (field) => `match.${field}`
          : name === "Condition"
            ? (field) => `is.${field}`
            : below,
        [...above, name],
      );
    for (const text of [schema["const"], ...((schema["enum"] as unknown[] | undefined) ?? [])])
      if (typeof text === "string") words.add(`${word}=${text}`);
    for (const key of ["anyOf", "oneOf", "allOf", "items", "prefixItems", "additionalProperties"])
      walk(schema[key], word, below, above);
    const properties = schema["properties"];
    for (const [field, one] of Object.entries(isSchema(properties) ? properties : {})) {
      const inner = below(field);
      words.add(inner);
      walk(one, inner, (next) => `${inner}.${next}`, above);
    }
  }

  for (const name of Object.keys(language.strategies)) {
    const own = (field: string) =>
      field === "strategy" || Object.hasOwn(language.fields, field) ? field : `${name}.${field}`;
    walk(definitions[typeName(name)], "", own, []);
  }
  return [...words].toSorted();
}

/** Words that are neither the first release's nor said to be a later one's. */
export const forgotten = (
  words: readonly string[],
  first: readonly string[],
  since: Readonly<Record<string, string>>,
): string[] => words.filter((word) => !first.includes(word) && !Object.hasOwn(since, word));
