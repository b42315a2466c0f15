import type { JsonSchema } from "@valibot/to-json-schema";

import { DOCS, type LanguageDocs } from "../../policy/docs.ts";
import { LANGUAGE, type Language } from "../../policy/language.ts";
import { Converter, typeName } from "./json-schema.ts";

/** Markdown as editors show it: links by their text, code as it is. */
const plain = (markdown: string): string =>
  markdown.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1").replaceAll("`", "");

/** Texts by what they are about. */
type Texts = Readonly<Record<string, string>>;

const textsOf = <T>(all: Readonly<Record<string, T>>, text: (of: T) => string): Texts =>
  Object.fromEntries(Object.entries(all).map(([name, of]): [string, string] => [name, text(of)]));

/** Gives the fields of an object's schema their texts. */
function describeFields(schema: JsonSchema | undefined, texts: Texts): void {
  for (const [name, field] of Object.entries(schema?.properties ?? {})) {
    const text = texts[name];
    if (typeof field === "object" && text !== undefined) field.description = plain(text);
  }
}

/** The named schemas of the policy language, with what people read in their editors. */
export function describedDefinitions(
  converter: Converter,
  language: Language = LANGUAGE,
  docs: LanguageDocs = DOCS,
): Record<string, JsonSchema> {
  const definitions = converter.definitions();
  const common = textsOf(docs.fields, ({ meaning }) => meaning);
  for (const name of Object.keys(language.strategies)) {
    const definition = definitions[typeName(name)];
    const texts = docs.strategies[name];
    if (definition === undefined || texts === undefined) continue;
    definition.description = texts.summary;
    describeFields(definition, { ...common, ...textsOf(texts.fields, ({ meaning }) => meaning) });
  }
  describeFields(
    definitions["Match"],
    textsOf(docs.conditions, ({ comparedWith }) => comparedWith),
  );
  return definitions;
}

/** The JSON Schema of a policy, for editors. */
export function policyJsonSchema(
  language: Language = LANGUAGE,
  docs: LanguageDocs = DOCS,
): JsonSchema {
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "A Switchyard policy",
    $ref: "#/$defs/Policy",
    $defs: describedDefinitions(new Converter("#/$defs/", {}, language), language, docs),
  };
}
