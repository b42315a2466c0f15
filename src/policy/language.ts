import * as v from "valibot";

import { nearest } from "../lib/nearest.ts";
import { expected, message, strictObject } from "../lib/strict-object.ts";
import { dependsOnNothing } from "./cache-key.ts";
import type { Common } from "./common.ts";
import { CONDITIONS } from "./conditions/index.ts";
import type { AnyField, NodeField, SharedField } from "./fields/definition.ts";
import { FIELDS } from "./fields/index.ts";
import { matchSchema, type Conditions } from "./match.ts";
import type { Policy } from "./schema.ts";
import type { AnyStrategy } from "./strategies/definition.ts";
import { STRATEGIES } from "./strategies/index.ts";
import { OriginUrlSchema } from "./origin-values.ts";

/** What a policy may be made of. */
interface Parts {
  readonly strategies: Readonly<Record<string, AnyStrategy>>;
  readonly conditions: Conditions;
  readonly fields: Readonly<Record<string, AnyField>>;
}

/** A common field by its name. Of a language with more fields than the real one, the names are more than the type says. */
export type FieldEntry<TField = AnyField> = readonly [name: keyof Common, field: TField];

type SharedEntry = FieldEntry<SharedField<unknown, unknown>>;
type NodeEntry = FieldEntry<NodeField<unknown, unknown>>;

const isShared = (entry: FieldEntry): entry is SharedEntry => entry[1].shared;
const isOfNode = (entry: FieldEntry): entry is NodeEntry => !entry[1].shared;

/** The policy language: the registries, and the schemas made from them. */
export interface Language extends Parts {
  /** A policy as it is written, checked for shape; the rules between fields stand in `check.ts`. */
  readonly policy: v.GenericSchema<Policy, Policy>;
  /** The schemas of policies that are objects, by strategy. */
  readonly policies: Readonly<Record<string, v.GenericSchema>>;
  /** What a rule matches on. */
  readonly match: v.GenericSchema;
  /** The fields, in the order of the registry. */
  readonly fieldEntries: readonly FieldEntry[];
  /** Fields whose compiled form nodes with the same fields share. */
  readonly sharedFields: readonly SharedEntry[];
  /** Fields whose compiled form is a node's own. */
  readonly nodeFields: readonly NodeEntry[];
  /** Fields that a policy carries which ends at the gateway. */
  readonly endFields: readonly FieldEntry[];
  /** Fields on which answers may depend, for caches. */
  readonly cacheFields: readonly FieldEntry[];
}

/** The strategy of a policy that names none. */
export const UNNAMED = "single";

/** Reports a policy whose `strategy` is absent or unknown, at that field. */
function strategyFault(value: unknown, known: readonly string[]) {
  const names = () => known.map((name) => `"${name}"`).join(", ");
  const near = typeof value === "string" ? nearest(value, known) : undefined;
  const words =
    value === undefined
      ? message(
          'is missing: neither "strategy" nor "origin" is there',
          () => `add "strategy": one of ${names()}`,
        )
      : message(
          () => `is none of ${names()}`,
          () => (near === undefined ? "use one of them" : `did you mean "${near}"?`),
        );
  return v.object({ strategy: v.custom<never>(() => false, words) }, words);
}

const NoPolicySchema = v.custom<never>(
  () => false,
  expected(
    'be a policy: an origin URL, or an object with "strategy"',
    'write for example "https://www.example.com"',
  ),
);

/** Makes a language of its parts; the real one is {@link LANGUAGE}. */
export function makeLanguage(parts: Parts): Language {
  const known = Object.keys(parts.strategies);
  const nested: v.GenericSchema<Policy, Policy> = v.lazy(
    (): v.GenericSchema<Policy, Policy> => policy,
  );
  const match = matchSchema(parts.conditions);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the keys of the registry
  const fieldEntries = Object.entries(parts.fields) as readonly FieldEntry[];
  const inside = { match, policy: nested };
  const commonFields: Record<AnyStrategy["kind"], v.ObjectEntries> = { leaf: {}, map: {}, end: {} };
  for (const [name, field] of fieldEntries) {
    const one = v.exactOptional(field.schema(inside));
    commonFields.leaf[name] = one;
    if (field.stands !== "at-leaf") commonFields.map[name] = one;
    if (field.atEnd !== "nothing") commonFields.end[name] = v.exactOptional(field.atEnd(inside));
  }
  const policies = Object.fromEntries(
    Object.entries(parts.strategies).map(([name, definition]) => {
      const strategy = v.literal(name);
      const entries = {
        strategy: name === UNNAMED ? v.exactOptional(strategy) : strategy,
        ...definition.entries(nested),
        ...commonFields[definition.kind],
      };
      return [name, strictObject(entries, definition.title)];
    }),
  );
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the schemas come from the registry, and so does the type
  const policy = v.lazy((input): v.GenericSchema => {
    if (typeof input === "string") return OriginUrlSchema;
    if (typeof input !== "object" || input === null || Array.isArray(input)) return NoPolicySchema;
    const value: unknown = "strategy" in input ? input.strategy : undefined;
    const name = value === undefined && "origin" in input ? UNNAMED : value;
    const schema = typeof name === "string" && known.includes(name) ? policies[name] : undefined;
    return schema ?? strategyFault(value, known);
  }) as v.GenericSchema as v.GenericSchema<Policy, Policy>;
  return {
    ...parts,
    policy,
    policies,
    match,
    fieldEntries,
    sharedFields: fieldEntries.filter(isShared),
    nodeFields: fieldEntries.filter(isOfNode),
    endFields: fieldEntries.filter(([, { atEnd }]) => atEnd !== "nothing"),
    cacheFields: fieldEntries.filter(([, field]) => field.cacheKey !== dependsOnNothing),
  };
}

/** The language that policies are written in. */
export const LANGUAGE: Language = makeLanguage({
  strategies: STRATEGIES,
  conditions: CONDITIONS,
  fields: FIELDS,
});

/** The definition of a policy's strategy, whatever the policy's shape. */
export function strategyOf(
  { strategy = UNNAMED }: { readonly strategy?: unknown },
  { strategies }: Language,
): { readonly name: string; readonly definition: AnyStrategy } | undefined {
  if (typeof strategy !== "string" || !Object.hasOwn(strategies, strategy)) return undefined;
  const definition = strategies[strategy];
  return definition && { name: strategy, definition };
}
