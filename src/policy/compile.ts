import { joinCacheKeys, NOTHING } from "./cache-key.ts";
import type { Common } from "./common.ts";
import type { CacheKey, CompiledPolicy, LeafNode, Node, Rule, Variant } from "./compiled.ts";
import type { CacheContext, FieldContext } from "./fields/definition.ts";
import type { CompiledFields } from "./fields/index.ts";
import { LANGUAGE, strategyOf, type FieldEntry, type Language } from "./language.ts";
import { leavesOf } from "./leaves.ts";
import { DEFAULT_TIMEOUT_MS, NODE_BYTES, VARIANT_BYTES } from "./limits.ts";
import { Once } from "./once.ts";
import type { Policy } from "./schema.ts";
import type {
  AnyLeafStrategy,
  AnyMapStrategy,
  Written,
  WrittenVariant,
} from "./strategies/definition.ts";
import { ofUrl } from "./strategies/single.ts";
import { compileEdits, compileVariant } from "./variant.ts";

/** Where a policy stands, and what it has from there. */
interface Place {
  readonly language: Language;
  readonly once: Once;
  /** What default salts begin with: the route's key, or the salt of the nearest map. */
  readonly key: string;
  /** Prefixes and rule names from the root: what the default salt adds to the key. */
  readonly path: string;
  readonly inherited: Common;
  /** What the way here depended on already. */
  readonly cache: CacheKey;
  /** What was made so far takes in memory, beside its text (bytes). */
  readonly made: { bytes: number };
}

interface Named<TStrategy> {
  readonly name: string;
  readonly definition: TStrategy;
}

/** What every field of a policy may use; `inside` is the place of the policies that it holds. */
function contextOf(
  fields: Common,
  inside: Place,
  definition: AnyLeafStrategy | undefined,
  written: readonly WrittenVariant[],
): FieldContext {
  const { key, path, once, language } = inside;
  const defaults = {
    timeoutMs: fields.timeoutMs ?? DEFAULT_TIMEOUT_MS,
    edits: once.of(fields.headers, compileEdits),
  };
  inside.made.bytes += written.length * VARIANT_BYTES;
  const variantOf = (one: WrittenVariant): Variant => compileVariant(one, defaults);
  return {
    fields,
    key,
    path,
    conditions: language.conditions,
    definition,
    variants: written.map(variantOf),
    edits: defaults.edits,
    variantOf,
    child: (policy, segment) => compileNode(policy, { ...inside, path: path + segment }),
    once: (value, make) => once.of(value, make),
  };
}

const cacheKeyOf = (entries: readonly FieldEntry[], fields: Common, context: CacheContext) =>
  entries.map(([name, field]) => field.cacheKey(fields[name], context));

/** The compiled forms of fields, by name. */
const compileFields = (entries: readonly FieldEntry[], context: FieldContext): object =>
  Object.fromEntries(
    entries.map(([name, field]) => [name, field.compile(context.fields[name], context)]),
  );

function compileLeaf(
  written: Written,
  { name, definition }: Named<AnyLeafStrategy>,
  place: Place,
): LeafNode {
  const { conditions, fieldEntries } = place.language;
  const fields = { ...place.inherited, ...written };
  const named = definition.variants(written);
  const asksWho =
    definition.asksWho(written) ||
    fieldEntries.some(([field, { asksWho: asks }]) => asks && fields[field] !== undefined);
  const cache = joinCacheKeys([
    place.cache,
    ...cacheKeyOf(fieldEntries, fields, {
      conditions,
      variants: named.map((one) => one.name),
      asksWho: named.length > 1 && asksWho,
    }),
  ]);
  const context = contextOf(fields, { ...place, cache }, definition, named);
  const [first, ...others] = context.variants;
  if (first === undefined) throw new RangeError("a policy without variants passed the schema");
  return definition.compile(written, {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the entries come from the registry, and so does the type
    ...(compileFields(fieldEntries, context) as CompiledFields),
    kind: "leaf",
    strategy: name,
    definition,
    path: place.path,
    variants: [first, ...others],
    cache,
  });
}

function compileMap(
  written: Written,
  { name, definition }: Named<AnyMapStrategy>,
  place: Place,
): Node {
  const { conditions, fieldEntries } = place.language;
  const down: Common = { ...place.inherited };
  for (const [field, { inherited }] of fieldEntries)
    if (inherited && field in written) Object.assign(down, { [field]: written[field] });
  const own = fieldEntries.filter(([, field]) => !field.inherited && !field.leafOnly);
  const cache = joinCacheKeys([
    place.cache,
    ...cacheKeyOf(own, written, { conditions, variants: [], asksWho: false }),
  ]);
  const key = written.salt ?? place.key;
  const context = contextOf(written, { ...place, key, inherited: down, cache }, undefined, []);
  const map = {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- of the registry's fields, rules is the one that stays on a map
    ...(compileFields(own, context) as { readonly rules: readonly Rule[] }),
    kind: "map" as const,
    strategy: name,
    definition,
  };
  return definition.compile(written, map, context.child, down);
}

function compileNode(policy: Policy, place: Place): Node {
  const written: Written = typeof policy === "string" ? ofUrl(policy) : policy;
  const strategy = strategyOf(written, place.language);
  if (strategy === undefined) throw new RangeError("an unknown strategy passed the schema");
  const { name, definition } = strategy;
  place.made.bytes += NODE_BYTES + place.path.length;
  return definition.kind === "leaf"
    ? compileLeaf(written, { name, definition }, place)
    : compileMap(written, { name, definition }, place);
}

/**
 * Makes a policy that has passed `parse` ready to decide with: defaults applied, path-map fields
 * handed down, prefixes in a table, times as numbers. `key` is the route's, part of the default
 * salt, so that two routes with the same policy split independently.
 */
export function compile(
  policy: Policy,
  key: string,
  language: Language = LANGUAGE,
): CompiledPolicy {
  const made = { bytes: 0 };
  const root = compileNode(policy, {
    language,
    once: new Once(),
    key,
    path: "",
    inherited: {},
    cache: NOTHING,
    made,
  });
  let overridable = false;
  const cookieNames = new Set<string>();
  for (const leaf of leavesOf({ root })) {
    overridable ||= leaf.override !== "off" && leaf.variants.length > 1;
    if (leaf.sticky !== false) cookieNames.add(leaf.sticky.cookie.name);
  }
  // Its texts are kept twice: as parts of what was parsed, and in what is made of them.
  const size = made.bytes + 2 * JSON.stringify(policy).length;
  return { key, root, overridable, cookieNames: [...cookieNames], size };
}
