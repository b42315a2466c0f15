import { isFields, type Fields, type Steps } from "./check-report.ts";
import type { Common } from "./common.ts";
import type { FieldName } from "./fields/index.ts";
import { takesPrefixOff } from "./rewrite.ts";
import type { AnyLeafStrategy } from "./strategies/definition.ts";
import type { Headers } from "./header-values.ts";

/** Where a policy that ends in an origin stands, as far as it says which of its fields can do anything there. */
export interface Place {
  readonly definition: AnyLeafStrategy;
  /** What it says itself. */
  readonly written: Common;
  /** What it says itself, with what path-maps hand down. */
  readonly inForce: Common;
  readonly variants: number;
  /** Whether a key or a rule's prefix leads to it, which could be taken off. */
  readonly hasPrefix: boolean;
}

/** A field that does nothing where it stands: where in the policy, why, and what to write. */
export interface Idle {
  readonly steps: Steps;
  readonly message: string;
  readonly fix: string;
}

/** Of a draw that only some visitors are in: somebody has to be drawn. */
const isDrawn = ({ definition, variants }: Place): boolean => definition.pins && variants > 1;

/** A rule that leads to a policy can be kept from crawlers and from visitors without consent. */
const hasRules = ({ written: { rules = [] } }: Place): boolean => rules.length > 0;

/** A share of copies is drawn by visitor, whatever the strategy. */
const mirrors = ({ inForce: { mirror } }: Place): boolean => mirror !== undefined;

/** By an address nobody is known for longer than it is theirs. */
const knowsVisitors = (sticky: Common["sticky"]): boolean =>
  sticky !== false && (sticky?.by ?? ["cookie"]).some((source) => source !== "ip");

const NOBODY_DRAWN = "nobody is drawn between variants";
const NOTHING_HASHED = "the policy has one variant, so nothing is hashed";
const ONE_VARIANT = "the policy has one variant, and no other to turn to";

/** Whether header changes keep the visitor's cookies from origins. */
const takeCookies = (headers: Headers | undefined): boolean =>
  headers?.request !== undefined &&
  [...(headers.request.remove ?? []), ...Object.keys(headers.request.set ?? {})].some(
    (name) => name.toLowerCase() === "cookie",
  );

/** Whether the consent cookie reaches every origin, and with it every request of a visitor who has agreed. */
const sendsConsent = ({ definition, written, inForce }: Place): boolean =>
  inForce.consent !== undefined &&
  !takeCookies(inForce.headers) &&
  !definition
    .variants(written)
    .some(
      ({ headers, origin }) =>
        takeCookies(headers) || (typeof origin !== "string" && takeCookies(origin.headers)),
    );

/** Why no request is ever answered from a copy. */
function neverCached(place: Place): string | undefined {
  if (place.written.cache?.ttlSeconds === 0) return undefined;
  if (place.inForce.visitorHeader === true && knowsVisitors(place.inForce.sticky))
    return '"visitorHeader" tells origins who asks, and such a request is never answered from a copy';
  return sendsConsent(place)
    ? "without consent nobody is answered from a copy, and with it the consent cookie reaches the origin"
    : undefined;
}

const NO_PREFIX = "no key of a path-map leads here, so there is no prefix to take off";

/** Why a field that says more than its default does nothing; nothing where it does something. */
const REASONS: Partial<Record<FieldName, (place: Place) => string | undefined>> = {
  stripPrefix: ({ written, hasPrefix }) =>
    written.stripPrefix === true && !hasPrefix ? NO_PREFIX : undefined,
  rewrite: ({ written, hasPrefix }) =>
    takesPrefixOff(written) === true && !hasPrefix ? NO_PREFIX : undefined,
  coverage: (place) =>
    place.written.coverage !== 100 && !isDrawn(place) ? NOBODY_DRAWN : undefined,
  group: (place) => (isDrawn(place) ? undefined : NOBODY_DRAWN),
  rescue: ({ written, variants }) =>
    written.rescue === true && variants < 2 ? ONE_VARIANT : undefined,
  assetRescue: ({ written, variants }) =>
    written.assetRescue === true && variants < 2 ? ONE_VARIANT : undefined,
  bots: (place) =>
    place.written.bots !== "split" && place.variants < 2 && !hasRules(place)
      ? "the policy has one variant, and crawlers get it like everybody"
      : undefined,
  consent: (place) =>
    !place.definition.splits && !hasRules(place) && !mirrors(place)
      ? "the policy sets no cookie, and has one variant for everybody"
      : undefined,
  cache: neverCached,
  experiment: ({ variants }) => (variants < 2 ? "one variant is not an experiment" : undefined),
  salt: (place) => (place.variants < 2 && !mirrors(place) ? NOTHING_HASHED : undefined),
  epoch: (place) => (place.variants < 2 && !mirrors(place) ? NOTHING_HASHED : undefined),
  sticky: (place) =>
    !place.definition.splits && !mirrors(place) && place.inForce.visitorHeader !== true
      ? "nobody asks here who a visitor is"
      : undefined,
  visitorHeader: ({ written, inForce: { sticky } }) =>
    written.visitorHeader === true && !knowsVisitors(sticky)
      ? "nobody is known here by cookie, header or query"
      : undefined,
};

/** What of `sticky` does nothing, where the field as a whole does something. */
function* idleInSticky({ definition, written }: Place): Generator<Idle> {
  const { sticky, rules = [] } = written;
  if (sticky === undefined || sticky === false) return;
  if (sticky.cookie !== undefined && sticky.by !== undefined && !sticky.by.includes("cookie"))
    yield {
      steps: ["sticky", "cookie"],
      message: '"cookie" does nothing here: "by" has no "cookie"',
      fix: 'add "cookie" to "by", or take "cookie" away',
    };
  // A rule's "pin" that pins nothing is told at the rule, and is the same mistake.
  if (sticky.mode === "pin" && !definition.pins && rules.every(({ pin }) => pin !== true))
    yield {
      steps: ["sticky", "mode"],
      message: '"mode": "pin" does nothing here: a policy without draws has nothing to pin',
      fix: 'take "mode" away',
    };
  if (sticky.onZero === "evict" && sticky.mode !== "pin")
    yield {
      steps: ["sticky", "onZero"],
      message: '"onZero" does nothing here: it is about pins, and "mode" is "hash"',
      fix: 'write "mode": "pin", or take "onZero" away',
    };
}

/** A cut-over from what is active to the same. */
function* idleNext({ written }: Place): Generator<Idle> {
  const { active, next }: Fields = { ...written };
  if (isFields(next) && next["active"] === active)
    yield {
      steps: ["next"],
      message: `"next" does nothing here: ${JSON.stringify(active)} is active already`,
      fix: 'write the other one as its "active", or take "next" away',
    };
}

/**
 * The fields of a policy that are valid, and do nothing where they stand. A field that says no more
 * than its default is not told of, nor one that a path-map hands down: other children may need it.
 */
export function* idleFields(place: Place): Generator<Idle> {
  for (const [name, reasonOf] of Object.entries(REASONS)) {
    if (!Object.hasOwn(place.written, name)) continue;
    const reason = reasonOf(place);
    if (reason !== undefined)
      yield {
        steps: [name],
        message: `"${name}" does nothing here: ${reason}`,
        fix: `take "${name}" away`,
      };
    else if (name === "sticky") yield* idleInSticky(place);
  }
  yield* idleNext(place);
}
