import type { CompiledPolicy, LeafNode, Node, Rule, Variant } from "../policy/compiled.ts";
import { withoutPrefix } from "../lib/path.ts";
import type { Facts } from "../policy/facts.ts";
import { hasConsent } from "./consent.ts";
import { isCovered, isInGroup } from "./coverage.ts";
import { identify, type Identity } from "./identity.ts";
import { matches } from "./match.ts";
import { mirrorsOf, NO_MIRRORS } from "./mirrors.ts";
import { isPrefetch } from "./newcomer.ts";
import type { Decision, Outcome } from "./outcome.ts";
import { isPreflight } from "./preflight.ts";
import { remembered } from "./remember.ts";
import { isDraw, type OverrideFault, type Reason } from "../policy/reason.ts";
import { forwardedPath } from "../policy/rewrite.ts";
import type { Step } from "../policy/strategies/definition.ts";
import type { Trace } from "./trace.ts";
import { pinOf, type Pin } from "./visitor.ts";

/** The header that forces a variant where a policy says `"override": "open"`. */
const FORCE_HEADER = "x-switchyard-force";

/**
 * Set in wrangler.toml of the gateway, where nobody asks how a decision came about: its build leaves the telling out.
 * Only looked for where somebody is told, for to look for a name that is nowhere takes long.
 */
declare const WITHOUT_WORDS: true | undefined;

interface Verdict {
  readonly variant: Variant;
  readonly reason: Reason;
  readonly pin?: Pin;
  /** Whether a pin was made by a draw, and not by a rule. */
  readonly isDrawn?: boolean;
}

function firstRule(
  rules: readonly Rule[],
  facts: Facts,
  path: string,
  told: Trace | undefined,
): Rule | undefined {
  const trace = told === undefined || typeof WITHOUT_WORDS !== "undefined" ? undefined : told;
  const index = rules.findIndex((rule) => matches(rule.match, facts, path));
  if (rules.length > 0) trace?.rules(rules, index);
  return rules[index];
}

/** The longest prefix of a rule that the path lies under; empty where the rule matched by none. */
function prefixOf({ prefixes }: Rule, path: string): string {
  let longest = "";
  for (const prefix of prefixes)
    if (prefix.length > longest.length && (path === prefix || path.startsWith(`${prefix}/`)))
      longest = prefix;
  return longest;
}

/** Where the way leads on, as far as the rest of it depends on that. */
type Onward = Pick<Step, "node" | "matched" | "stripped">;

/** What a rule that holds leads to. */
function follow(rule: Rule, node: Node, path: string): Onward {
  const matched = prefixOf(rule, path);
  return { node, matched, stripped: rule.strip ? matched : "" };
}

/** The variant an override asks for, or why it is not followed; neither where there is none. */
function overridden(node: LeafNode, facts: Facts): { variant?: Variant; fault?: OverrideFault } {
  const named = (name: string) => {
    const variant = node.variants.find((one) => one.name === name);
    return variant === undefined ? { fault: "unknown-variant" as const } : { variant };
  };
  const forced = node.override === "open" ? facts.header(FORCE_HEADER) : undefined;
  if (forced !== undefined) return named(forced);
  if (facts.override === undefined) return {};
  if (node.override === "off") return { fault: "switched-off" };
  return facts.override.ok ? named(facts.override.variant) : { fault: facts.override.fault };
}

const isPinning = ({ sticky, definition }: LeafNode): boolean =>
  definition.pins && sticky !== false && sticky.mode === "pin";

/** The variant that a visitor stays on, ahead of coverage and groups: while a drain lasts, or by a pin that still counts. */
function keep(
  node: LeafNode,
  who: () => Identity,
  now: number,
  told: Trace | undefined,
): Verdict | undefined {
  const trace = told === undefined || typeof WITHOUT_WORDS !== "undefined" ? undefined : told;
  if (node.definition.marks(node, now)) {
    const kept = node.definition.keeps(node, who, now);
    trace?.drain(kept?.variant);
    if (kept !== undefined) return kept;
  }
  if (!isPinning(node)) return undefined;
  const wanted = pinOf(node.salt, "").split;
  const pin = who().known?.pins.find(({ split }) => split === wanted);
  const variant =
    pin && node.variants.find((one) => pinOf(node.salt, one.name).variant === pin.variant);
  const honoured = variant !== undefined && node.definition.honoursPin(node, variant, now);
  trace?.pin(variant, honoured);
  return pin !== undefined && honoured
    ? { variant, reason: "pinned", isDrawn: pin.byRule !== true }
    : undefined;
}

/** Drain and pin, then coverage and group, then strategy: the steps that depend on who asks. */
function drawnFor(
  node: LeafNode,
  who: () => Identity,
  now: number,
  told: Trace | undefined,
): Verdict {
  const trace = told === undefined || typeof WITHOUT_WORDS !== "undefined" ? undefined : told;
  const kept = keep(node, who, now, trace);
  if (kept !== undefined) return kept;
  // A single origin is not an experiment: what a path-map hands down must not make it set a cookie.
  if (node.definition.splits) {
    if (node.coverage < 100) {
      const isIn = isCovered(node, who().visitor);
      trace?.coverage(node, isIn);
      if (!isIn)
        return { variant: node.definition.defaultVariant(node, now), reason: "not-covered" };
    }
    if (node.group !== undefined) {
      const isIn = isInGroup(node.group, who().visitor);
      trace?.group(node.group, isIn);
      if (!isIn)
        return { variant: node.definition.defaultVariant(node, now), reason: "not-covered" };
    }
  }
  const choice = node.definition.decide(node, who, now);
  trace?.strategy(node, choice.variant);
  const pins = isPinning(node) && choice.reason !== "lease-expired";
  return pins ? { ...choice, pin: pinOf(node.salt, choice.variant.name) } : choice;
}

/** What a rule chose, and the pin that keeps it where the rule asks for one and the split pins at all. */
function ruled(node: LeafNode, variant: Variant, pins: boolean, who: () => Identity): Verdict {
  if (!pins || !isPinning(node)) return { variant, reason: "rule" };
  // Asked for the cookie's sake: the rule itself depends on nobody.
  who();
  return { variant, reason: "rule", pin: { ...pinOf(node.salt, variant.name), byRule: true } };
}

/** Whether a visit counts: who was drawn, can be known again, and is a person who looks at a page. */
function isCounted(
  { reason, isDrawn = true }: Verdict,
  identity: Identity | undefined,
  facts: Facts,
): boolean {
  return (
    isDraw(reason) &&
    isDrawn &&
    identity?.lasts === true &&
    facts.method !== "HEAD" &&
    facts.method !== "OPTIONS" &&
    !facts.bot() &&
    !isPrefetch(facts)
  );
}

/**
 * What to do with a request: where to forward it, and why, or how to answer it. Pure: the same
 * policy and the same facts give the same outcome, for ever. The order, at every
 * node: force, bots, consent, override, rules, drain and pin, coverage and group, strategy.
 */
export function decide(policy: CompiledPolicy, facts: Facts, told?: Trace): Outcome {
  const trace = told === undefined || typeof WITHOUT_WORDS !== "undefined" ? undefined : told;
  let node: Node = policy.root;
  let path = facts.path;
  let stripped = "";
  let matchedPrefix = "";
  let ledBy: string | undefined;
  let onward: Onward | undefined;

  for (;;) {
    // Here and not in a function of its own, which would be made anew for every request.
    if (onward !== undefined) {
      node = onward.node;
      if (onward.matched !== "") matchedPrefix = stripped + onward.matched;
      path = withoutPrefix(path, onward.stripped);
      stripped += onward.stripped;
    }
    if (node.kind !== "map" && node.cors !== undefined && isPreflight(facts)) {
      trace?.preflight();
      return { do: "preflight", cors: node.cors };
    }
    if (node.kind !== "leaf") {
      const rule = firstRule(node.rules, facts, path, trace);
      if (rule?.node !== undefined) {
        ledBy = rule.name;
        onward = follow(rule, rule.node, path);
        continue;
      }
      if (node.kind === "end") {
        trace?.end(node);
        return { ...node.ending, node, matchedPrefix, ledBy };
      }
      const step = node.definition.step(node, path);
      trace?.map(node, step?.prefix);
      if (step === undefined) return { do: "refuse", problem: "path-not-mapped", cors: node.cors };
      onward = step;
      continue;
    }

    const leaf: LeafNode = node;
    let identity: Identity | undefined;
    const who = (): Identity =>
      (identity ??= identify(
        leaf.sticky,
        facts,
        isPinning(leaf) || leaf.definition.marks(leaf, facts.now),
      ));
    const settle = (verdict: Verdict, ignored?: OverrideFault): Decision => ({
      do: "forward",
      node: leaf,
      variant: verdict.variant,
      reason: verdict.reason,
      ignored,
      path:
        !leaf.rewrites || verdict.variant.rewrite === undefined
          ? path
          : forwardedPath(verdict.variant.rewrite, {
              path: facts.path,
              prefix: stripped,
              matched: matchedPrefix,
            }) || "/",
      stripped,
      matchedPrefix,
      counted: isCounted(verdict, identity, facts),
      fleeting: verdict.reason !== "rule" && identity?.lasts === false,
      visitor: identity?.lasts === true && !identity.isNew ? identity.visitor : undefined,
      who: identity,
      byRulePin: verdict.isDrawn === false,
      remember: identity && remembered(leaf.sticky, identity, verdict.pin, facts.now),
      mirrors:
        leaf.mirror === undefined
          ? NO_MIRRORS
          : mirrorsOf(leaf.mirror, leaf.salt, identity ?? identify(leaf.sticky, facts, false)),
    });

    if (leaf.force !== undefined) {
      trace?.force(leaf.force);
      return settle({ variant: leaf.force, reason: "forced" });
    }
    if (leaf.bots !== undefined) {
      const isBot = facts.bot();
      trace?.bots(leaf.bots, isBot);
      if (isBot) return settle({ variant: leaf.bots, reason: "bot" });
    }
    if (leaf.consent !== undefined) {
      const given = hasConsent(leaf, facts);
      trace?.consent(leaf.consent.cookie, given);
      if (!given)
        return settle({
          variant: leaf.definition.defaultVariant(leaf, facts.now),
          reason: "no-consent",
        });
    }
    const override = overridden(leaf, facts);
    const ignored = override.fault;
    if (override.fault !== undefined) trace?.override(override.fault);
    if (override.variant !== undefined) {
      trace?.override(override.variant);
      return settle({ variant: override.variant, reason: "override" });
    }
    const rule = firstRule(leaf.rules, facts, path, trace);
    if (rule?.variant !== undefined) {
      // Where something led to the policy already, its variants are all mounted there.
      if (matchedPrefix === "") matchedPrefix = prefixOf(rule, path);
      return settle(ruled(leaf, rule.variant, rule.pin, who), ignored);
    }
    if (rule?.node === undefined) {
      return settle(drawnFor(leaf, who, facts.now, trace), ignored);
    }
    ledBy = rule.name;
    onward = follow(rule, rule.node, path);
  }
}
