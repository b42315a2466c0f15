import type { JsonSchema } from "@valibot/to-json-schema";

import { DOCS, type LanguageDocs } from "../../policy/docs.ts";
import { LANGUAGE, type Language } from "../../policy/language.ts";
import { Converter, typeName } from "./json-schema.ts";

/** Markdown as editors show it: links by their text, code as it is. */
const plain = (markdown: string): string =>
  markdown.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1").replaceAll("`", "");

/** An object's schema with texts for its fields. */
function describeFields(
  schema: JsonSchema | undefined,
  texts: Readonly<Record<string, string | undefined>>,
): void {
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
  const common = Object.entries(docs.fields).map(([name, { meaning }]) => [name, meaning]);
  for (const name of Object.keys(language.strategies)) {
    const own = Object.entries(docs.strategies[name]?.fields ?? {});
    const definition = definitions[typeName(name)];
    if (definition === undefined) continue;
    definition.description = docs.strategies[name]?.summary ?? "";
    describeFields(
      definition,
      Object.fromEntries([...common, ...own.map(([field, { meaning }]) => [field, meaning])]),
    );
  }
  const conditions = Object.entries(docs.conditions);
  describeFields(
    definitions["Match"],
    Object.fromEntries(conditions.map(([name, { comparedWith }]) => [name, comparedWith])),
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
