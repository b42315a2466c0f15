import type { CompiledPolicy, EndNode, Variant } from "../policy/compiled.ts";
import { decide } from "../decide/decide.ts";
import { locationOf, urlOf } from "../decide/location.ts";
import type { Decision, Outcome } from "../decide/outcome.ts";
import type { Cors } from "../policy/fields/cors.ts";
import type { Facts } from "../policy/facts.ts";
import type { LeafNode } from "../policy/compiled.ts";
import { originName } from "../policy/variant.ts";
import { shorten } from "../lib/shorten.ts";
import { askedBy, syntheticFacts, syntheticId, type Asked } from "./synthetic.ts";

/** Synthetic visitors of one preview: a share is then known to about one percentage point (99 %). */
export const PREVIEW_VISITORS = 10_000;

/** Where a visitor ends: a variant and its origin; of an answer without one, what the gateway does, and the redirect's target or the status. */
export interface Destination {
  readonly variant: string;
  readonly origin: string;
}

/** Visitors who go from one destination to another; `null` where no prefix matches. */
export interface Move {
  readonly from: Destination | null;
  readonly to: Destination | null;
  readonly visitors: number;
}

/** How many visitors a destination has. */
export interface Share {
  readonly at: Destination | null;
  readonly visitors: number;
}

/** What a change does to the visitors of one path. */
export interface PathPreview {
  readonly path: string;
  readonly visitors: number;
  /** Visitors whom another origin, or another variant of the same strategy, serves afterwards. */
  readonly moved: number;
  /** Of them, those whom no weight or percent moves, but a change of what is hashed. */
  readonly reshuffled: number;
  /** Of each list, the twenty with most visitors. */
  readonly before: readonly Share[];
  readonly after: readonly Share[];
  readonly moves: readonly Move[];
}

const HASHED = new Set(["split", "ramp", "not-covered"]);

/** Characters of an origin that a preview shows. */
const MAX_ORIGIN_CHARS = 256;

/** Destinations, and moves, listed for one path: the most frequent. */
export const MAX_LISTED = 20;

/** What of a variant's destination is the same for every path: a rewrite leads elsewhere as another base does. */
const originOf = ({ origin, rewrite }: Variant): string =>
  originName(origin, rewrite?.path ?? rewrite?.prefix);

/** A destination by a number of its own: those with the same name and origin are one. */
interface Place {
  readonly id: number;
  readonly at: Destination | null;
  readonly origin: string | undefined;
}

/** What of an outcome is the same for all that end in one place on one path. */
function placeKey(outcome: Outcome): Variant | EndNode | Cors | undefined {
  switch (outcome.do) {
    case "forward":
      return outcome.variant;
    case "redirect":
    case "respond":
      return outcome.node;
    case "preflight":
      return outcome.cors;
    case "refuse":
      return undefined;
    default:
      return outcome satisfies never;
  }
}

function destinationOf(outcome: Outcome, facts: Facts): Destination | null {
  switch (outcome.do) {
    case "forward":
      return { variant: outcome.variant.name, origin: originOf(outcome.variant) };
    case "redirect":
      return { variant: "redirect", origin: locationOf(outcome, urlOf(facts)) };
    case "respond":
      return { variant: "respond", origin: String(outcome.status) };
    case "preflight":
      return { variant: "preflight", origin: "204" };
    case "refuse":
      return null;
    default:
      return outcome satisfies never;
  }
}

class Places {
  readonly #byKey = new Map<ReturnType<typeof placeKey>, Place>();
  readonly #byText = new Map<string, Place>();

  of(outcome: Outcome, facts: Facts): Place {
    const key = placeKey(outcome);
    let place = this.#byKey.get(key);
    if (place === undefined) {
      place = this.#make(destinationOf(outcome, facts), outcome.do);
      this.#byKey.set(key, place);
    }
    return place;
  }

  #make(at: Destination | null, done: Outcome["do"]): Place {
    const text = JSON.stringify([done, at]);
    const known = this.#byText.get(text);
    if (known !== undefined) return known;
    const shown = at && { ...at, origin: shorten(at.origin, MAX_ORIGIN_CHARS) };
    const place = { id: this.#byText.size, at: shown, origin: at?.origin };
    this.#byText.set(text, place);
    return place;
  }
}

/** All that a draw depends on beside the visitor; an epoch is left out, for changing one says what it does. */
function hashedBy(node: LeafNode): string {
  const by = node.sticky === false ? false : node.sticky.by;
  return JSON.stringify([node.strategy, node.salt.replace(/@\d+$/, ""), by, node.group?.name]);
}

function hasMoved(before: Outcome, after: Outcome, from: Place, to: Place): boolean {
  if (before.do !== "forward" || after.do !== "forward") return from.id !== to.id;
  if (from.origin !== to.origin) return true;
  return before.variant.name !== after.variant.name && before.node.strategy === after.node.strategy;
}

/** Whether a variant is still there by name or origin, and yet its visitors are drawn anew. */
function isDrawnAnew({ node: old, variant }: Decision, { node }: Decision): boolean {
  const named = node.variants.some(({ name }) => name === variant.name);
  const origin = originOf(variant);
  const sameOrigin = node.variants.some((one) => originOf(one) === origin);
  // Names are part of a weighted draw: a new name for the same origin draws its visitors anew.
  const renamed = !named && sameOrigin && old.strategy === node.strategy;
  return renamed || (named && hashedBy(old) !== hashedBy(node));
}

/** Judges redrawn visitors: of a variant and the policy that follows, once. */
class Redraws {
  readonly #known = new Map<Variant, Map<LeafNode, boolean>>();

  has(before: Decision, after: Decision): boolean {
    if (!HASHED.has(before.reason) || !HASHED.has(after.reason)) return false;
    if (before.variant.name === after.variant.name) return false;
    let known = this.#known.get(before.variant);
    if (known === undefined)
      this.#known.set(before.variant, (known = new Map<LeafNode, boolean>()));
    let answer = known.get(after.node);
    if (answer === undefined) known.set(after.node, (answer = isDrawnAnew(before, after)));
    return answer;
  }
}

class Tally<T> {
  readonly #counts = new Map<string | number, { readonly of: T; visitors: number }>();

  add(key: string | number, of: T): void {
    const entry = this.#counts.get(key);
    if (entry === undefined) this.#counts.set(key, { of, visitors: 1 });
    else entry.visitors += 1;
  }

  /** The most frequent, first the one of which there are most. */
  list(): readonly { readonly of: T; readonly visitors: number }[] {
    return [...this.#counts.values()]
      .toSorted((a, b) => b.visitors - a.visitors)
      .slice(0, MAX_LISTED);
  }
}

/**
 * Sends the same synthetic visitors through two policies by the engine that serves real ones, and
 * counts who ends elsewhere. `base` says what they all ask for, and when; under the second policy they
 * ask at `afterNow` (ms since the epoch). Pure: the same visitors every time.
 */
export function previewPath(
  before: CompiledPolicy,
  after: CompiledPolicy,
  base: Facts,
  visitors: number = PREVIEW_VISITORS,
  afterNow: number = base.now,
  asked: Asked = askedBy([before, after]),
): PathPreview {
  const places = new Places();
  const redraws = new Redraws();
  const moves = new Tally<readonly [Place, Place]>();
  const [sharesBefore, sharesAfter] = [new Tally<Place>(), new Tally<Place>()];
  let moved = 0;
  let reshuffled = 0;
  const factsOf = syntheticFacts(base, asked);
  for (let n = 0; n < visitors; n += 1) {
    const facts = factsOf(syntheticId(n));
    const later = afterNow === base.now ? facts : { ...facts, now: afterNow };
    const [old, next] = [decide(before, facts), decide(after, later)];
    const [from, to] = [places.of(old, facts), places.of(next, facts)];
    sharesBefore.add(from.id, from);
    sharesAfter.add(to.id, to);
    if (!hasMoved(old, next, from, to)) continue;
    moved += 1;
    moves.add(`${from.id} ${to.id}`, [from, to]);
    if (old.do === "forward" && next.do === "forward" && redraws.has(old, next)) reshuffled += 1;
  }
  const shares = (tally: Tally<Place>): Share[] =>
    tally.list().map((one) => ({ at: one.of.at, visitors: one.visitors }));
  return {
    path: base.path,
    visitors,
    moved,
    reshuffled,
    before: shares(sharesBefore),
    after: shares(sharesAfter),
    moves: moves
      .list()
      .map(({ of: [from, to], visitors: many }) => ({ from: from.at, to: to.at, visitors: many })),
  };
}
