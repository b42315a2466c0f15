import { toJsonSchema, type ConversionConfig, type JsonSchema } from "@valibot/to-json-schema";

import { LANGUAGE, UNNAMED, type Language } from "../../policy/language.ts";
import { ConditionSchema } from "../../policy/predicates/condition.ts";
import { OriginSchema, OriginUrlSchema } from "../../policy/origin-values.ts";
import { isSchema, Shapes, type Schema } from "./schema-shape.ts";

/** Fields of every policy that are worth a name of their own in the document. */
const SHARED = [
  "consent",
  "group",
  "headers",
  "mirror",
  "retry",
  "rewrite",
  "rules",
  "sticky",
] as const;

/** A name as types have it: `BlueGreen` for `blue-green`. */
export const typeName = (name: string): string =>
  name.replaceAll(/(?:^|-)(.)/g, (_, first: string) => first.toUpperCase());

/** By the schema each begins with: its name, and the schema with all its checks. */
function namedSchemas(
  { policy, policies, match }: Language,
  shapes: Shapes,
  more: Readonly<Record<string, Schema>>,
): Map<Schema, { readonly name: string; readonly schema: Schema }> {
  const named: [string, Schema][] = [
    ...Object.entries(more),
    ["Policy", policy],
    ...Object.entries(policies).map(([name, one]): [string, Schema] => [typeName(name), one]),
    ["Origin", OriginSchema],
    ["OriginUrl", OriginUrlSchema],
    ["Match", match],
    ["Condition", ConditionSchema],
  ];
  for (const field of SHARED) {
    const unnamed = policies[UNNAMED];
    const entry = unnamed && shapes.entryOf(unnamed, field);
    if (entry === undefined) throw new RangeError(`policies have no field "${field}"`);
    named.push([typeName(field), entry]);
  }
  return new Map(named.map(([name, schema]) => [shapes.rootOf(schema), { name, schema }]));
}

/** Converts schemas into JSON Schema 2020-12, with references to the named ones under `base`. */
export class Converter {
  readonly #names: ReturnType<typeof namedSchemas>;
  readonly #base: string;
  readonly #shapes: Shapes;

  /** `more` are schemas to name beside those of policies. */
  constructor(
    base: string,
    more: Readonly<Record<string, Schema>> = {},
    language: Language = LANGUAGE,
  ) {
    this.#base = base;
    this.#shapes = new Shapes(language);
    this.#names = namedSchemas(language, this.#shapes, more);
  }

  /** The named schemas themselves. */
  definitions(): Record<string, JsonSchema> {
    return Object.fromEntries(
      Array.from(this.#names, ([root, { name, schema }]) => [name, this.#convert(schema, root)]),
    );
  }

  /** One schema; a reference where it is a named one. */
  convert(schema: Schema): JsonSchema {
    return this.#convert(schema, undefined);
  }

  #convert(schema: Schema, top: Schema | undefined): JsonSchema {
    const named = top === undefined ? this.#names.get(this.#shapes.rootOf(schema)) : undefined;
    if (named !== undefined) return { $ref: this.#base + named.name };
    const config: ConversionConfig = {
      errorMode: "ignore",
      typeMode: "input",
      target: "draft-2020-12",
      overrideSchema: ({ valibotSchema, jsonSchema }) => {
        if (!isSchema(valibotSchema)) return jsonSchema;
        const known = valibotSchema === top ? undefined : this.#names.get(valibotSchema);
        if (known !== undefined) return { $ref: this.#base + known.name };
        // An answer has the fields it names, and no others.
        if (valibotSchema.type === "object") jsonSchema.additionalProperties = false;
        const alternatives = this.#shapes.alternativesOf(valibotSchema);
        return alternatives.length === 0 ? jsonSchema : this.#anyOf(alternatives, top);
      },
      overrideAction: ({ valibotAction, jsonSchema }) => {
        // A reference stands for the checks too.
        if (jsonSchema.$ref !== undefined) return { ...jsonSchema };
        // JSON Schema's patterns have no flags.
        const isFlagged =
          "requirement" in valibotAction &&
          valibotAction.requirement instanceof RegExp &&
          valibotAction.requirement.flags !== "";
        const { pattern: _pattern, ...rest } = jsonSchema;
        return isFlagged ? rest : null;
      },
    };
    const { $schema: _schema, $defs: _defs, ...rest } = toJsonSchema(schema, config);
    return rest;
  }

  #anyOf(alternatives: readonly Schema[], top: Schema | undefined): JsonSchema {
    const distinct = new Map<string, JsonSchema>();
    for (const alternative of alternatives) {
      const converted = this.#convert(
        alternative,
        this.#shapes.rootOf(alternative) === top ? top : undefined,
      );
      distinct.set(JSON.stringify(converted), converted);
    }
    const [only, ...others] = distinct.values();
    return only !== undefined && others.length === 0 ? only : { anyOf: [...distinct.values()] };
  }
}
