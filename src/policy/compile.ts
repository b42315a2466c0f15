import { words } from "../lib/strict-object.ts";
import { joinCacheKeys, NOTHING } from "./cache-key.ts";
import { compileFields, share, sharedContextOf, type Shared } from "./compile-fields.ts";
import type { Common } from "./common.ts";
import type { CacheKey, CompiledPolicy, EndNode, LeafNode, Node } from "./compiled.ts";
import type { CacheContext, FieldContext, SharedContext } from "./fields/definition.ts";
import { inherit } from "./inherit.ts";
import type { CompiledFields } from "./fields/index.ts";
import { isTenantId } from "./keys.ts";
import { LANGUAGE, strategyOf, type FieldEntry, type Language } from "./language.ts";
import { leavesOf } from "./leaves.ts";
import { NODE_BYTES, VARIANT_BYTES } from "./limits.ts";
import { Once } from "./once.ts";
import { takesPrefixOff } from "./rewrite.ts";
import type { Policy } from "./schema.ts";
import type {
  AnyEndStrategy,
  AnyLeafStrategy,
  AnyMapStrategy,
  Written,
  WrittenVariant,
} from "./strategies/definition.ts";
import { SharedHosts } from "./shared-hosts.ts";
import { ofUrl } from "./strategies/single.ts";

/** Where a policy stands, and what it has from there. */
interface Place {
  readonly language: Language;
  readonly once: Once;
  /** What default salts begin with: the route's key, or the salt of the nearest map. */
  readonly key: string;
  /** Prefixes and rule names from the root: what the default salt adds to the key. */
  readonly path: string;
  readonly inherited: Shared;
  /** What the way here depended on already. */
  readonly cacheKey: CacheKey;
  /** What the first bare URL here became: all others begin as that. */
  readonly plain: { like?: LeafNode };
  /** What was made so far takes in memory, beside its text (bytes), and whether any of it takes a part off the path. */
  readonly made: { bytes: number; strips: boolean };
}

interface Named<TStrategy> {
  readonly name: string;
  readonly definition: TStrategy;
}

/** What every field of a policy may use; `inside` is the place of the policies that it holds. */
function contextOf(
  shared: SharedContext,
  inside: Place,
  definition: AnyLeafStrategy | undefined,
  written: readonly WrittenVariant[],
): FieldContext {
  inside.made.bytes += written.length * VARIANT_BYTES;
  const plain = {};
  return {
    ...shared,
    key: inside.key,
    path: inside.path,
    conditions: inside.language.conditions,
    definition,
    variants: written.map(shared.variantOf),
    child: (policy, segment) =>
      compileNode(policy, { ...inside, plain, path: inside.path + segment }),
  };
}

/** What an answer depends on through the way to its policy and through the policy's fields. */
function cacheKeyOf(
  way: CacheKey,
  entries: readonly FieldEntry[],
  fields: Common,
  context: CacheContext,
): CacheKey {
  const keys = [way];
  for (const [name, field] of entries) {
    const key = field.cacheKey(fields[name], context);
    if (key !== NOTHING) keys.push(key);
  }
  return joinCacheKeys(keys);
}

function compileLeaf(
  written: Written,
  { name, definition }: Named<AnyLeafStrategy>,
  place: Place,
): LeafNode {
  const { conditions, fieldEntries, cacheFields, nodeFields, fields: known } = place.language;
  const { inherited } = place;
  const shared = Object.keys(written).some((field) => Object.hasOwn(known, field))
    ? share(inherit(inherited.context.fields, written), place)
    : inherited;
  const { fields } = shared.context;
  const named = definition.variants(written);
  const asksWho = () =>
    definition.asksWho(written) ||
    fieldEntries.some(([field, { asksWho: asks }]) => asks && fields[field] !== undefined);
  const cacheKey = cacheKeyOf(place.cacheKey, cacheFields, fields, {
    conditions,
    variants: named.map((one) => one.name),
    asksWho: named.length > 1 && asksWho(),
  });
  const context = contextOf(shared.context, { ...place, cacheKey }, definition, named);
  if (named.length === 0)
    throw new RangeError(words("a policy without variants passed the schema"));
  const leaf = {
    ...shared.compiled,
    ...compileFields(nodeFields, context),
    kind: "leaf",
    strategy: name,
    definition,
    path: place.path,
    variants: context.variants,
    rewrites: context.variants.some(({ rewrite }) => rewrite !== undefined),
    cacheKey,
  };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the fields come from the registry, and so does the type
  return definition.compile(written, leaf as unknown as LeafNode);
}

/** A bare URL. Most policies of a large map are, and of what is made of one only what its node alone has is made again for the next. */
function compileUrl(url: string, named: Named<AnyLeafStrategy>, place: Place): LeafNode {
  const { plain, path, language, inherited } = place;
  const written = ofUrl(url);
  const { like } = plain;
  if (like === undefined) return (plain.like = compileLeaf(written, named, place));
  const { definition } = named;
  const { cacheKey } = like;
  const own = contextOf(
    inherited.context,
    { ...place, cacheKey },
    definition,
    definition.variants(written),
  );
  const fields = compileFields(language.nodeFields, own);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- a URL has as many variants as another
  const leaf = { ...like, ...fields, path, variants: own.variants } as LeafNode;
  return definition.compile(written, leaf);
}

function compileEnd(
  written: Written,
  { name, definition }: Named<AnyEndStrategy>,
  place: Place,
): EndNode {
  const { conditions, endFields } = place.language;
  const fields = { ...place.inherited.context.fields, ...written };
  const cacheKey = cacheKeyOf(place.cacheKey, endFields, fields, {
    conditions,
    variants: [],
    asksWho: false,
  });
  const shared = sharedContextOf(fields, place.once);
  return {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the fields come from the registry, and so does the type
    ...(compileFields(endFields, contextOf(shared, { ...place, cacheKey }, undefined, [])) as Pick<
      EndNode,
      "rules" | "headers" | "cors"
    >),
    kind: "end",
    strategy: name,
    ending: definition.ending(written),
    cacheKey,
  };
}

function compileMap(
  written: Written,
  { name, definition }: Named<AnyMapStrategy>,
  place: Place,
): Node {
  const { conditions, fieldEntries } = place.language;
  const handed = fieldEntries.filter(([field, { inherited }]) => inherited && field in written);
  const inherited =
    handed.length === 0
      ? place.inherited
      : share(
          inherit(
            place.inherited.context.fields,
            Object.fromEntries(handed.map(([field]) => [field, written[field]])),
          ),
          place,
        );
  const own = fieldEntries.filter(([, field]) => !field.inherited && field.stands !== "at-leaf");
  const cacheKey = cacheKeyOf(place.cacheKey, own, written, {
    conditions,
    variants: [],
    asksWho: false,
  });
  const key = written.salt ?? place.key;
  const context = contextOf(
    sharedContextOf(written, place.once),
    { ...place, key, inherited, cacheKey },
    undefined,
    [],
  );
  const map = {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- of the registry's fields, these stay on a map
    ...(compileFields(own, context) as Pick<CompiledFields, "rules" | "goals">),
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- of what its children have, a map's own refusals need this
    cors: (inherited.compiled as CompiledFields).cors,
    kind: "map" as const,
    strategy: name,
    definition,
  };
  return definition.compile(written, map, context.child, inherited.context.fields);
}

function compileNode(policy: Policy, place: Place): Node {
  const written: Written = typeof policy === "string" ? ofUrl(policy) : policy;
  const strategy = strategyOf(written, place.language);
  if (strategy === undefined) throw new RangeError(words("an unknown strategy passed the schema"));
  const { name, definition } = strategy;
  place.made.bytes += NODE_BYTES + place.path.length;
  place.made.strips ||= takesPrefixOff(written) === true;
  switch (definition.kind) {
    case "leaf":
      return typeof policy === "string"
        ? compileUrl(policy, { name, definition }, place)
        : compileLeaf(written, { name, definition }, place);
    case "map":
      return compileMap(written, { name, definition }, place);
    case "end":
      return compileEnd(written, { name, definition }, place);
    default:
      return definition satisfies never;
  }
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
  const made = { bytes: 0, strips: false };
  const once = new Once();
  const root = compileNode(policy, {
    language,
    once,
    key,
    path: "",
    inherited: share({}, { language, once }),
    cacheKey: NOTHING,
    plain: {},
    made,
  });
  let overridable = false;
  const cookieNames = new Set<string>();
  const splits: LeafNode[] = [];
  const shared = new SharedHosts(isTenantId(key), made.strips);
  for (const leaf of leavesOf({ root })) {
    shared.take(leaf);
    if (leaf.definition.splits) splits.push(leaf);
    overridable ||= leaf.override !== "off" && leaf.variants.length > 1;
    if (leaf.sticky !== false) cookieNames.add(leaf.sticky.cookie.name);
  }
  const goals = root.kind === "end" ? [] : root.goals;
  // Its texts are kept twice: as parts of what was parsed, and in what is made of them.
  const size = made.bytes + 2 * JSON.stringify(policy).length;
  const names = [...cookieNames];
  const sharedHosts = shared.hosts;
  return { key, root, overridable, cookieNames: names, splits, goals, sharedHosts, size };
}
