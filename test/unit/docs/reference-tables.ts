import type { LanguageDocs } from "../../../src/policy/docs.ts";
import type { Language } from "../../../src/policy/language.ts";

/** A table of the reference, made from the registries and what people read of them. */
export interface ReferenceTable {
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

const code = (text: string): string => `\`${text}\``;

/** A field's name as its table has it: with a mark where it may be left out. */
function marked(name: string, schema: unknown): string {
  const type = (schema as { readonly type?: unknown }).type;
  return type === "exact_optional" ? `${code(name)}?` : code(name);
}

/** The tables of `docs/policy.md` that a strategy, a field or a condition stands in. */
export function referenceTables(language: Language, docs: LanguageDocs): ReferenceTable[] {
  const strategies = Object.entries(docs.strategies);
  const fields = strategies.flatMap(([name, { fields: own }]) => {
    const entries: Readonly<Record<string, unknown>> =
      language.strategies[name]?.entries(language.policy) ?? {};
    return Object.entries(own).map(([field, { value, meaning }]) => [
      marked(field, entries[field]),
      code(name),
      value,
      meaning,
    ]);
  });
  return [
    {
      header: ["strategy", "variants", "page"],
      rows: strategies.map(([name, { variants }]) => [
        code(name),
        variants,
        `[${name}](strategies/${name}.md)`,
      ]),
    },
    {
      header: ["field of a strategy", "of", "value", "meaning"],
      rows: [["`strategy`", "all", "the name", "`single` may leave it out"], ...fields],
    },
    {
      header: ["common field", "value", "meaning"],
      rows: Object.entries(docs.fields).map(([name, { value, meaning }]) => [
        code(name),
        value,
        meaning,
      ]),
    },
    {
      header: ["field of `match`", "compared with"],
      rows: Object.entries(docs.conditions).map(([name, { comparedWith }]) => [
        `${code(name)}?`,
        comparedWith,
      ]),
    },
  ];
}
