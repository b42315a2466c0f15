import { joinCacheKeys, NOTHING } from "./cache-key.ts";
import type { Common, Rule as RuleInput } from "./common.ts";
import { cacheKeyOfSticky, compileSticky, compileVariant } from "./compile-leaf.ts";
import type {
  CacheKey,
  CompiledPolicy,
  Failure,
  LeafNode,
  Node,
  Rule,
  Variant,
} from "./compiled.ts";
import { LANGUAGE, strategyOf, type Language } from "./language.ts";
import { leavesOf } from "./leaves.ts";
import { DEFAULT_TIMEOUT_MS } from "./limits.ts";
import { cacheKeyOfMatch, compileMatch } from "./match.ts";
import type { Policy } from "./schema.ts";
import type {
  AnyLeafStrategy,
  AnyMapStrategy,
  Written,
  WrittenVariant,
} from "./strategies/definition.ts";
import { ofUrl } from "./strategies/single.ts";

/** What children of a path-map take from it: every common field but its rules. */
type Inherited = Omit<Common, "rules" | "force">;

interface Place {
  readonly language: Language;
  readonly key: string;
  /** Prefixes and rule names from the root: what the default salt adds to the key. */
  readonly path: string;
  readonly inherited: Inherited;
  /** What the way here depended on already. */
  readonly cache: CacheKey;
}

const ALL_FAILURES: readonly Failure[] = ["network", "timeout", 502, 503, 504];

function compileRules(
  rules: readonly RuleInput[] | undefined,
  variants: readonly Variant[],
  place: Place,
): Rule[] {
  return (rules ?? []).map((rule) => ({
    name: rule.name ?? "",
    match: compileMatch(rule.match, place.language.conditions),
    variant: variants.find(({ name }) => name === rule.variant),
    // Named, never numbered: a rule added before this one must not reshuffle its visitors.
    node:
      rule.policy === undefined
        ? undefined
        : compileNode(rule.policy, { ...place, path: `${place.path}#${rule.name ?? ""}` }),
  }));
}

function cacheKeyOfRules(
  rules: readonly RuleInput[] | undefined,
  { conditions }: Language,
): CacheKey {
  return joinCacheKeys(
    (rules ?? []).map((rule) => cacheKeyOfMatch(compileMatch(rule.match, conditions))),
  );
}

function compileLeaf(
  policy: Written,
  { name: strategy, definition }: { name: string; definition: AnyLeafStrategy },
  place: Place,
): LeafNode {
  const fields = { ...place.inherited, ...policy };
  const timeoutMs = fields.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  const make = ({ name, origin, weight = 1, headers }: WrittenVariant): Variant =>
    compileVariant({ name, origin, weight, timeoutMs, headers: [fields.headers, headers] });
  const [first, ...others] = definition.variants(policy).map(make);
  if (first === undefined) throw new RangeError("a policy without variants passed the schema");
  const variants: [Variant, ...Variant[]] = [first, ...others];
  const byName = (name: string | undefined) => variants.find((variant) => variant.name === name);
  // The word keeps its meaning where a variant has it for a name.
  const bots = fields.bots === "split" ? undefined : byName(fields.bots);
  const salt = fields.salt ?? place.key + place.path;
  const sticky = compileSticky(fields.sticky);
  const splits =
    definition.asksWho(policy) || fields.coverage !== undefined || fields.group !== undefined;
  const cache = joinCacheKeys([
    place.cache,
    cacheKeyOfRules(policy.rules, place.language),
    variants.length > 1 && splits ? cacheKeyOfSticky(sticky) : NOTHING,
    { vary: fields.consent === undefined ? [] : ["cookie"], unshareable: false },
    { vary: bots === undefined ? [] : ["user-agent"], unshareable: false },
    { vary: fields.override === "open" ? ["x-switchyard-force"] : [], unshareable: false },
  ]);
  return definition.compile(policy, {
    kind: "leaf",
    strategy,
    definition,
    path: place.path,
    variants,
    salt: fields.epoch === undefined ? salt : `${salt}@${fields.epoch}`,
    sticky,
    rules: compileRules(policy.rules, variants, { ...place, cache }),
    force: byName(policy.force),
    coverage: fields.coverage ?? 100,
    group: fields.group,
    bots,
    consent: fields.consent && { cookie: fields.consent.cookie, value: fields.consent.value },
    override: fields.override ?? "signed",
    retry: fields.retry && {
      attempts: fields.retry.attempts,
      on: new Set(fields.retry.on ?? ALL_FAILURES),
    },
    rescue: fields.rescue ?? definition.rescues,
    assetRescue: fields.assetRescue ?? false,
    fallback:
      fields.fallback === undefined
        ? undefined
        : make({ name: "fallback", origin: fields.fallback }),
    mirror: fields.mirror && {
      // The copy has the policy's header changes already; only its origin's own come on top.
      to: compileVariant({
        name: "mirror",
        origin: fields.mirror.origin,
        timeoutMs: DEFAULT_TIMEOUT_MS,
        headers: [],
      }),
      percent: fields.mirror.percent,
    },
    cache,
  });
}

function compileMap(
  policy: Written,
  { name: strategy, definition }: { name: string; definition: AnyMapStrategy },
  place: Place,
): Node {
  const { strategy: _strategy, rules, ...own } = policy;
  const children: Place = {
    ...place,
    inherited: { ...place.inherited, ...own },
    cache: joinCacheKeys([place.cache, cacheKeyOfRules(rules, place.language)]),
  };
  const map = {
    kind: "map" as const,
    strategy,
    definition,
    rules: compileRules(rules, [], children),
  };
  return definition.compile(
    policy,
    map,
    (child, segment) => compileNode(child, { ...children, path: place.path + segment }),
    children.inherited,
  );
}

function compileNode(policy: Policy, place: Place): Node {
  const written: Written = typeof policy === "string" ? ofUrl(policy) : policy;
  const strategy = strategyOf(written, place.language);
  if (strategy === undefined) throw new RangeError("an unknown strategy passed the schema");
  const { name, definition } = strategy;
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
  const root = compileNode(policy, { language, key, path: "", inherited: {}, cache: NOTHING });
  let overridable = false;
  const cookieNames = new Set<string>();
  for (const leaf of leavesOf({ root })) {
    overridable ||= leaf.override !== "off" && leaf.variants.length > 1;
    if (leaf.sticky !== false) cookieNames.add(leaf.sticky.cookie.name);
  }
  return { key, root, overridable, cookieNames: [...cookieNames] };
}
