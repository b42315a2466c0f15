import type { LanguageDocs } from "../../../src/policy/docs.ts";
import type { Language } from "../../../src/policy/language.ts";
import { SINCE, type Since } from "../../../src/policy/since.ts";

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
export function referenceTables(
  language: Language,
  docs: LanguageDocs,
  since: Since = SINCE,
): ReferenceTable[] {
  /** A text with the release that was the first to know the word, where that is not the first of all. */
  const dated = (text: string, word: string): string =>
    Object.hasOwn(since, word) ? `${text} (since ${since[word]})` : text;
  const strategies = Object.entries(docs.strategies);
  const fields = strategies.flatMap(([name, { fields: own }]) => {
    const entries: Readonly<Record<string, unknown>> =
      language.strategies[name]?.entries(language.policy) ?? {};
    return Object.entries(own).map(([field, { value, meaning }]) => [
      marked(field, entries[field]),
      code(name),
      value,
      dated(meaning, `${name}.${field}`),
    ]);
  });
  return [
    {
      header: ["strategy", "variants", "page"],
      rows: strategies.map(([name, { variants }]) => [
        code(name),
        variants,
        dated(`[${name}](strategies/${name}.md)`, `strategy=${name}`),
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
        dated(meaning, name),
      ]),
    },
    {
      header: ["field of `match`", "compared with"],
      rows: Object.entries(docs.conditions).map(([name, { comparedWith }]) => [
        `${code(name)}?`,
        dated(comparedWith, `match.${name}`),
      ]),
    },
  ];
}
