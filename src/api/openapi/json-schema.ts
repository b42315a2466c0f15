import { toJsonSchema, type ConversionConfig, type JsonSchema } from "@valibot/to-json-schema";
import type * as v from "valibot";

import { ConditionSchema, MatchSchema } from "../../policy/match-schema.ts";
import {
  BlueGreenSchema,
  CanarySchema,
  PathMapSchema,
  PolicySchema,
  STRATEGIES,
  SingleSchema,
  WeightedSchema,
} from "../../policy/schema.ts";
import { OriginSchema, OriginUrlSchema } from "../../policy/values.ts";

type Schema = v.GenericSchema;

/** Whether a value is a schema of valibot's, which types each kind of its own. */
const isSchema = (value: unknown): value is Schema =>
  typeof value === "object" && value !== null && "kind" in value && value.kind === "schema";

/** A part of a schema by its name in valibot's own objects. */
function part(schema: Schema, name: string): unknown {
  return Object.entries(schema).find(([one]) => one === name)?.[1];
}

/** Inputs that lead a `lazy` schema of ours down each of its ways. */
const PROBES: readonly unknown[] = [
  "",
  "now",
  false,
  [],
  {},
  { query: "" },
  ...STRATEGIES.map((strategy) => ({ strategy })),
];

/** Where a `lazy` schema leads, its refusals aside; empty for any other schema. */
function waysOf(schema: Schema): Schema[] {
  const getter = Array.isArray(part(schema, "pipe")) ? undefined : part(schema, "getter");
  if (typeof getter !== "function") return [];
  const ways = PROBES.map((probe): unknown => Reflect.apply(getter, undefined, [probe]));
  return [...new Set(ways)].filter((way) => isSchema(way)).filter((way) => !isFault(way));
}

/** What a schema comes down to without its pipe, its wrapping, and a `lazy` that leads one way only. */
function rootOf(schema: Schema): Schema {
  const pipe = part(schema, "pipe");
  const ways = waysOf(schema);
  const inner: unknown = Array.isArray(pipe) ? pipe[0] : (part(schema, "wrapped") ?? ways[0]);
  return isSchema(inner) && inner !== schema && ways.length < 2 ? rootOf(inner) : schema;
}

/** A field of an object's schema. */
function entryOf(schema: Schema, field: string): Schema | undefined {
  const entries = part(rootOf(schema), "entries");
  if (typeof entries !== "object" || entries === null) return undefined;
  const entry: unknown = Object.entries(entries).find(([one]) => one === field)?.[1];
  return isSchema(entry) ? entry : undefined;
}

/** A way that only exists to say what is wrong. */
function isFault(schema: Schema): boolean {
  return rootOf(schema).type === "custom" || entryOf(schema, "strategy")?.type === "custom";
}

/** Fields of every policy that are worth a name of their own in the document. */
const SHARED = ["consent", "group", "headers", "mirror", "retry", "rules", "sticky"] as const;

/** By the schema each begins with: its name, and the schema with all its checks. */
function namedSchemas(
  more: Readonly<Record<string, Schema>>,
): Map<Schema, { readonly name: string; readonly schema: Schema }> {
  const named: [string, Schema][] = [
    ...Object.entries(more),
    ["Policy", PolicySchema],
    ["Single", SingleSchema],
    ["Weighted", WeightedSchema],
    ["Canary", CanarySchema],
    ["BlueGreen", BlueGreenSchema],
    ["PathMap", PathMapSchema],
    ["Origin", OriginSchema],
    ["OriginUrl", OriginUrlSchema],
    ["Match", MatchSchema],
    ["Condition", ConditionSchema],
  ];
  for (const field of SHARED) {
    const entry = entryOf(SingleSchema, field);
    if (entry === undefined) throw new RangeError(`policies have no field "${field}"`);
    named.push([field[0]?.toUpperCase() + field.slice(1), entry]);
  }
  return new Map(named.map(([name, schema]) => [rootOf(schema), { name, schema }]));
}

/** Converts schemas into JSON Schema 2020-12, with references to the named ones under `base`. */
export class Converter {
  readonly #names: ReturnType<typeof namedSchemas>;
  readonly #base: string;

  /** `more` are schemas to name beside those of policies. */
  constructor(base: string, more: Readonly<Record<string, Schema>> = {}) {
    this.#base = base;
    this.#names = namedSchemas(more);
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
    const named = top === undefined ? this.#names.get(rootOf(schema)) : undefined;
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
        const ways = waysOf(valibotSchema);
        return ways.length === 0 ? jsonSchema : this.#anyOf(ways, top);
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

  #anyOf(ways: readonly Schema[], top: Schema | undefined): JsonSchema {
    const told = new Map<string, JsonSchema>();
    for (const way of ways) {
      const converted = this.#convert(way, rootOf(way) === top ? top : undefined);
      told.set(JSON.stringify(converted), converted);
    }
    const [only, ...others] = told.values();
    return only !== undefined && others.length === 0 ? only : { anyOf: [...told.values()] };
  }
}

/** The JSON Schema of a policy, for editors. */
export function policyJsonSchema(): JsonSchema {
  const converter = new Converter("#/$defs/");
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "A Switchyard policy",
    $ref: "#/$defs/Policy",
    $defs: converter.definitions(),
  };
}
