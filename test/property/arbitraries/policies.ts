import * as fc from "fast-check";
import { check } from "../../../src/policy/check.ts";
import { mayKnowByCookie } from "../../../src/policy/fields/sticky.ts";
import type { RuleInput as Rule } from "../../../src/policy/fields/rules.ts";
import { MAX_DEPTH, MAX_HOLD_SECONDS } from "../../../src/policy/limits.ts";
import { takesPrefixOff } from "../../../src/policy/rewrite.ts";
import { normalPrefix } from "../../../src/lib/path.ts";
import type {
  BlueGreen,
  Canary,
  PathMap,
  Policy,
  Redirect,
  Respond,
  Single,
  Weighted,
} from "../../../src/policy/schema.ts";
import { commonFields, cors, goals, matches, ramps } from "./fields.ts";
import { headerFields, origins, originUrls } from "./origins.ts";
import { keyed } from "./paths.ts";
import { instants, names, percents } from "./text.ts";
import { variants } from "./variants.ts";

const colours = fc.constantFrom("blue" as const, "green" as const);

/** Rules that lead to one of these variants, or to a policy one level further down. */
function rules(variantNames: readonly string[], depth: number): fc.Arbitrary<Rule[]> {
  const named = { name: names, match: matches };
  const toVariant = fc.record(
    { ...named, variant: fc.constantFrom(...variantNames, "") },
    { requiredKeys: ["match", "variant"] },
  );
  const toPolicy = (): fc.Arbitrary<Rule> =>
    fc.record({ ...named, policy: policies(depth + 1).map(unstripped) });
  const kinds = [
    ...(variantNames.length > 0 ? [toVariant] : []),
    ...(depth < MAX_DEPTH ? [toPolicy()] : []),
  ];
  return kinds.length === 0
    ? fc.constant([])
    : fc.array(fc.oneof(...kinds), { maxLength: 2 }).map((list) => list.filter(isWhole));
}

/** A rule's policy takes a prefix off only where the rule names one. */
function unstripped(policy: Policy): Policy {
  if (typeof policy === "string" || takesPrefixOff(policy) !== true) return policy;
  const { stripPrefix: _stripPrefix, rewrite: _rewrite, ...rest } = policy;
  return rest;
}

/** A rule that names no variant: the empty name stands for a list that came out shorter. */
const isWhole = (rule: Rule): boolean => rule.variant !== "";

/** Adds the fields whose values depend on the variants' names. */
function leaf<T extends object>(
  own: fc.Arbitrary<T>,
  namesOf: (policy: T) => readonly string[],
  depth: number,
): fc.Arbitrary<T> {
  return fc.tuple(own, commonFields).chain(([policy, common]) => {
    const known = namesOf(policy);
    return fc
      .record(
        {
          rules: rules(known, depth),
          bots: fc.constantFrom("split", ...known),
          // A kill switch stands ahead of everything and would hide all else, if it were frequent.
          force: fc.oneof(
            { arbitrary: fc.constant(undefined), weight: 7 },
            { arbitrary: fc.constantFrom(...known), weight: 1 },
          ),
        },
        { requiredKeys: [] },
      )
      .map(({ force, ...others }) => ({
        ...policy,
        ...common,
        ...others,
        ...(force === undefined ? {} : { force }),
      }));
  });
}

const singles = (depth: number): fc.Arbitrary<Single> =>
  leaf(
    fc.record(
      { strategy: fc.constant("single" as const), origin: origins },
      { requiredKeys: ["origin"] },
    ),
    () => ["origin"],
    depth,
  );

const weighteds = (depth: number): fc.Arbitrary<Weighted> =>
  leaf(
    fc.record({ strategy: fc.constant("weighted" as const), variants: variants(1, 8) }),
    (policy) => policy.variants.map(({ name }) => name),
    depth,
  );

const canaries = (depth: number): fc.Arbitrary<Canary> =>
  leaf(
    fc
      .tuple(
        fc.record(
          {
            strategy: fc.constant("canary" as const),
            stable: origins,
            canary: origins,
            lease: fc.record({ until: instants }),
          },
          { requiredKeys: ["strategy", "stable", "canary"] },
        ),
        fc.oneof(fc.record({ percent: percents }), fc.record({ ramp: ramps })),
      )
      .map(([policy, share]) => ({ ...policy, ...share })),
    () => ["stable", "canary"],
    depth,
  );

const blueGreens = (depth: number): fc.Arbitrary<BlueGreen> =>
  leaf(
    fc.record(
      {
        strategy: fc.constant("blue-green" as const),
        blue: origins,
        green: origins,
        active: colours,
        next: fc.record(
          {
            active: colours,
            at: instants,
            drainSeconds: fc.oneof(
              fc.constantFrom(0, MAX_HOLD_SECONDS),
              fc.integer({ min: 0, max: MAX_HOLD_SECONDS }),
            ),
          },
          { requiredKeys: ["active", "at"] },
        ),
      },
      { requiredKeys: ["strategy", "blue", "green", "active"] },
    ),
    () => ["blue", "green"],
    depth,
  ).map(withCookie);

/** A drain needs visitors who are known by cookie, whatever the policy inherits. */
function withCookie(policy: BlueGreen): BlueGreen {
  const { sticky, next } = policy;
  const isFine = sticky !== undefined && mayKnowByCookie(sticky);
  return (next?.drainSeconds ?? 0) === 0 || isFine ? policy : { ...policy, sticky: {} };
}

const hosts = fc.constantFrom("www.example.com", "Shop.Example.org", "bücher.example", "[::1]");

const targetPaths = fc.constantFrom("/", "/new", "/new/", "/a%2fb", "/%7Ex", "/é", "/a@b");

/** What both policies carry that end at the gateway. */
const endFields = (depth: number) =>
  fc.record(
    {
      cors,
      rules: rules([], depth),
      headers: headerFields.map(({ response = {} }) => ({ response })),
    },
    { requiredKeys: [] },
  );

/** With a scheme, a host or a port none of them leads straight back for every request. */
const redirects = (depth: number): fc.Arbitrary<Redirect> =>
  fc
    .tuple(
      fc.record(
        {
          strategy: fc.constant("redirect" as const),
          status: fc.constantFrom(301, 302, 303, 307, 308),
        },
        { requiredKeys: ["strategy"] },
      ),
      fc.oneof(
        fc.record({ scheme: fc.constantFrom("http" as const, "https" as const) }),
        fc.record({ host: hosts }),
        fc.record({ port: fc.constantFrom(1, 80, 443, 65_535) }),
        fc.record({ host: hosts, scheme: fc.constant("https" as const) }),
      ),
      fc.oneof(
        fc.constant({}),
        fc.record({ path: targetPaths }),
        fc.record({ prefix: fc.oneof(targetPaths, fc.constant("")) }),
      ),
      endFields(depth),
    )
    .map(([policy, authority, path, common]) => ({ ...policy, ...authority, ...path, ...common }));

/** Never 500: an answer with that is a fault of the gateway's own to whoever fuzzes it. */
const responds = (depth: number): fc.Arbitrary<Respond> =>
  fc
    .tuple(
      fc.oneof(
        fc.record({ status: fc.constantFrom(204, 205, 304) }),
        fc.record(
          {
            status: fc
              .integer({ min: 200, max: 599 })
              .filter((one) => ![204, 205, 304, 500].includes(one)),
            body: fc.oneof(
              fc.string({ unit: "grapheme", maxLength: 20 }),
              fc.constant("x".repeat(4096)),
            ),
            contentType: fc.constantFrom("text/html", "application/json; charset=utf-8"),
          },
          { requiredKeys: ["status"] },
        ),
      ),
      endFields(depth),
    )
    .map(([policy, common]) => ({ strategy: "respond" as const, ...policy, ...common }));

/** A path-map whose children stand one level further down. */
function pathMaps(depth: number): fc.Arbitrary<PathMap> {
  return fc
    .tuple(
      keyed(policies(depth + 1), 4),
      fc.oneof(policies(depth + 1), fc.constant(undefined)),
      commonFields,
      fc.record({ rules: rules([], depth), bots: fc.constant("split") }, { requiredKeys: [] }),
    )
    .map(([children, otherwise, common, named]) => {
      const paths = Object.fromEntries(children);
      const rest =
        otherwise !== undefined && !children.some(([key]) => normalPrefix(key) === "")
          ? { default: otherwise }
          : {};
      return { strategy: "path-map" as const, paths, ...rest, ...common, ...named };
    });
}

/** Some routes have goals: of policies that go on to origins. */
const withGoals = (roots: fc.Arbitrary<Policy>): fc.Arbitrary<Policy> =>
  fc
    .tuple(roots, fc.option(goals))
    .map(([root, some]) =>
      some === null ||
      typeof root === "string" ||
      root.strategy === "redirect" ||
      root.strategy === "respond"
        ? root
        : { ...root, goals: some },
    );

const byDepth = new Map<number, fc.Arbitrary<Policy>>();

/** Whether all splits are drawn apart: few of these policies have two with one salt, and what is said of them would be said of a fault. */
const isApart = (policy: Policy): boolean =>
  check(policy, { allowPrivateOrigins: true }).length === 0;

/** Any policy that may stand at a depth, 1 being the top: every strategy, every field, nested as deep as the contract lets it. */
export function policies(depth = 1): fc.Arbitrary<Policy> {
  const made =
    byDepth.get(depth) ??
    (depth === 1 ? withGoals(anyPolicy(depth).filter(isApart)) : anyPolicy(depth));
  byDepth.set(depth, made);
  return made;
}

function anyPolicy(depth: number): fc.Arbitrary<Policy> {
  const leaves: fc.WeightedArbitrary<Policy>[] = [
    { arbitrary: originUrls, weight: depth },
    { arbitrary: singles(depth), weight: 1 },
    { arbitrary: weighteds(depth), weight: 2 },
    { arbitrary: canaries(depth), weight: 2 },
    { arbitrary: blueGreens(depth), weight: 1 },
    { arbitrary: redirects(depth), weight: 1 },
    { arbitrary: responds(depth), weight: 1 },
  ];
  return depth === MAX_DEPTH
    ? fc.oneof(...leaves)
    : fc.oneof(...leaves, { arbitrary: pathMaps(depth), weight: 3 });
}
