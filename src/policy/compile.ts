import {
  cacheKeyOfMatch,
  cacheKeyOfSticky,
  compileMatch,
  compileSticky,
  compileVariant,
  joinCacheKeys,
} from "./compile-leaf.ts";
import type {
  BlueGreenNode,
  Branch,
  CacheKey,
  CanaryNode,
  CompiledPolicy,
  Failure,
  Leaf,
  Node,
  PathMapNode,
  Ramp,
  Rule,
  Variant,
} from "./compiled.ts";
import { instant } from "../lib/instant.ts";
import { DEFAULT_TIMEOUT_MS } from "./limits.ts";
import { normalPrefix } from "../lib/path.ts";
import { PrefixTable } from "./prefix.ts";
import type {
  BlueGreen,
  Canary,
  PathMap,
  Policy,
  Rule as RuleInput,
  Single,
  Weighted,
} from "./schema.ts";
import type { RampInput } from "./time.ts";
import type { OriginInput } from "./values.ts";

type Split = Single | Weighted | Canary | BlueGreen;

/** What children of a path-map take from it: every common field but its rules. */
type Inherited = Omit<PathMap, "strategy" | "paths" | "default" | "rules">;

interface Place {
  readonly key: string;
  /** Prefixes and rule names from the root: what the default salt adds to the key. */
  readonly path: string;
  readonly inherited: Inherited;
  /** What the way here depended on already. */
  readonly cache: CacheKey;
}

const ALL_FAILURES: readonly Failure[] = ["network", "timeout", 502, 503, 504];

const millis = (text: string): number => instant(text) ?? Number.NaN;

function compileRules(
  rules: readonly RuleInput[] | undefined,
  variants: readonly Variant[],
  place: Place,
): Rule[] {
  return (rules ?? []).map((rule) => ({
    name: rule.name ?? "",
    match: compileMatch(rule.match),
    variant: variants.find(({ name }) => name === rule.variant),
    // Named, never numbered: a rule added before this one must not reshuffle its visitors.
    node:
      rule.policy === undefined
        ? undefined
        : compileNode(rule.policy, { ...place, path: `${place.path}#${rule.name ?? ""}` }),
  }));
}

function cacheKeyOfRules(rules: readonly RuleInput[] | undefined): CacheKey {
  return joinCacheKeys((rules ?? []).map((rule) => cacheKeyOfMatch(compileMatch(rule.match))));
}

function compileLeaf(policy: Split, place: Place, named: readonly Named[]): Leaf {
  const fields = { ...place.inherited, ...policy };
  const timeoutMs = fields.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  const make = ({ name, origin, weight = 1, headers }: Named): Variant =>
    compileVariant({ name, origin, weight, timeoutMs, headers: [fields.headers, headers] });
  const [first, ...others] = named.map(make);
  if (first === undefined) throw new RangeError("a policy without variants passed the schema");
  const variants: [Variant, ...Variant[]] = [first, ...others];
  const byName = (name: string | undefined) => variants.find((variant) => variant.name === name);
  // The word keeps its meaning where a variant has it for a name.
  const bots = fields.bots === "split" ? undefined : byName(fields.bots);
  const salt = fields.salt ?? place.key + place.path;
  const sticky = compileSticky(fields.sticky);
  const splits =
    policy.strategy === "weighted" ||
    policy.strategy === "canary" ||
    fields.coverage !== undefined ||
    fields.group !== undefined;
  const drains = policy.strategy === "blue-green" && (policy.next?.drainSeconds ?? 0) > 0;
  const cache = joinCacheKeys([
    place.cache,
    cacheKeyOfRules(policy.rules),
    variants.length > 1 && (splits || drains)
      ? cacheKeyOfSticky(sticky)
      : { vary: [], unshareable: false },
    { vary: fields.consent === undefined ? [] : ["cookie"], unshareable: false },
    { vary: bots === undefined ? [] : ["user-agent"], unshareable: false },
    { vary: fields.override === "open" ? ["x-switchyard-force"] : [], unshareable: false },
  ]);
  return {
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
    rescue: fields.rescue ?? policy.strategy === "canary",
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
  };
}

interface Named {
  readonly name: string;
  readonly origin: OriginInput;
  readonly weight?: number;
  readonly headers?: Inherited["headers"];
}

function compileRamp(ramp: RampInput): Ramp {
  let fromMs = 0;
  const steps = ramp.steps.map((step) => {
    const compiled = { fromMs, percent: step.percent };
    fromMs += (step.holdSeconds ?? 0) * 1000;
    return compiled;
  });
  return {
    startAtMs: millis(ramp.startAt),
    steps,
    pausedAtMs: ramp.pausedAt == null ? undefined : millis(ramp.pausedAt),
  };
}

function compileCanary(policy: Canary, place: Place): CanaryNode {
  const leaf = compileLeaf(policy, place, [
    { name: "stable", origin: policy.stable },
    { name: "canary", origin: policy.canary },
  ]);
  const [stable, canary = stable] = leaf.variants;
  return {
    ...leaf,
    strategy: "canary",
    stable,
    canary,
    percent: policy.percent ?? 0,
    ramp: policy.ramp && compileRamp(policy.ramp),
    leaseUntilMs: policy.lease && millis(policy.lease.until),
  };
}

function compileBlueGreen(policy: BlueGreen, place: Place): BlueGreenNode {
  const leaf = compileLeaf(policy, place, [
    { name: "blue", origin: policy.blue },
    { name: "green", origin: policy.green },
  ]);
  const [blue, green = blue] = leaf.variants;
  const coloured = (name: "blue" | "green") => (name === "blue" ? blue : green);
  return {
    ...leaf,
    strategy: "blue-green",
    active: coloured(policy.active),
    next: policy.next && {
      active: coloured(policy.next.active),
      atMs: millis(policy.next.at),
      drainMs: (policy.next.drainSeconds ?? 0) * 1000,
    },
  };
}

function compilePathMap(policy: PathMap, place: Place): PathMapNode {
  const { strategy, paths, default: otherwise, rules, ...own } = policy;
  const inherited = { ...place.inherited, ...own };
  const children: Place = {
    ...place,
    inherited,
    cache: joinCacheKeys([place.cache, cacheKeyOfRules(rules)]),
  };
  const table = new PrefixTable<Branch>();
  let fallThrough = otherwise;
  for (const [key, child] of Object.entries(paths)) {
    const prefix = normalPrefix(key);
    if (prefix === undefined) throw new RangeError(`the prefix "${key}" passed the check`);
    if (prefix === "") {
      fallThrough = child;
      continue;
    }
    const strip =
      (typeof child === "object" ? child.stripPrefix : undefined) ?? inherited.stripPrefix ?? false;
    table.add(prefix, {
      node: compileNode(child, { ...children, path: place.path + prefix }),
      strip,
    });
  }
  return {
    strategy,
    rules: compileRules(rules, [], children),
    table,
    fallThrough:
      fallThrough === undefined
        ? undefined
        : compileNode(fallThrough, { ...children, path: `${place.path}/` }),
  };
}

function compileNode(policy: Policy, place: Place): Node {
  if (typeof policy === "string") return compileNode({ strategy: "single", origin: policy }, place);
  switch (policy.strategy) {
    case undefined:
    case "single":
      return {
        ...compileLeaf(policy, place, [{ name: "origin", origin: policy.origin }]),
        strategy: "single",
      };
    case "weighted":
      return { ...compileLeaf(policy, place, policy.variants), strategy: "weighted" };
    case "canary":
      return compileCanary(policy, place);
    case "blue-green":
      return compileBlueGreen(policy, place);
    case "path-map":
      return compilePathMap(policy, place);
    default:
      return policy satisfies never;
  }
}

/** Every node that ends in an origin, those that rules lead to included. */
function* leavesOf(node: Node): Generator<Exclude<Node, PathMapNode>> {
  for (const rule of node.rules) if (rule.node !== undefined) yield* leavesOf(rule.node);
  if (node.strategy !== "path-map") {
    yield node;
    return;
  }
  if (node.fallThrough !== undefined) yield* leavesOf(node.fallThrough);
  for (const branch of node.table.values()) yield* leavesOf(branch.node);
}

/**
 * Makes a policy that has passed `parse` ready to decide with: defaults applied, path-map fields
 * handed down, prefixes in a table, times as numbers. `key` is the route's, part of the default
 * salt, so that two routes with the same policy split independently.
 */
export function compile(policy: Policy, key: string): CompiledPolicy {
  const root = compileNode(policy, {
    key,
    path: "",
    inherited: {},
    cache: { vary: [], unshareable: false },
  });
  let overridable = false;
  const cookieNames = new Set<string>();
  for (const leaf of leavesOf(root)) {
    overridable ||= leaf.override !== "off" && leaf.variants.length > 1;
    if (leaf.sticky !== false) cookieNames.add(leaf.sticky.cookie.name);
  }
  return { key, root, overridable, cookieNames: [...cookieNames] };
}
