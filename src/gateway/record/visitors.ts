import { exposureOf } from "../../decide/exposure.ts";
import { isOwnId, type Identity } from "../../decide/identity.ts";
import { isNavigation } from "../../decide/newcomer.ts";
import type { Decision } from "../../decide/outcome.ts";
import { murmur3 } from "../../lib/hash.ts";
import type { SipKey } from "../../lib/siphash.ts";
import { idCheck, sampleUnit, visitorDigest } from "../../lib/visitor-digest.ts";
import type { Facts } from "../../policy/facts.ts";
import { networkOf } from "./network.ts";
import type { RouteTally } from "./route-tally.ts";
import { Seen } from "./seen.ts";
import type { SplitTally } from "./split-tally.ts";

/** Visitors, each with a split and a variant, that an isolate remembers to have told of: 32 KB. */
export const MAX_TOLD = 8192;

/** Visitors of whom an isolate does not tell, for their ids have no good check, or there was no room: remembered apart, so that invented ids push nobody out. */
const MAX_UNTOLD = 8192;

/** Digests are made at each report, and whenever so many visitors wait for theirs. What waits keeps its request's headers. */
export const SETTLE_EVERY = 32;

/** Visitors who wait for their digests; above it new ones are dropped. */
export const MAX_MET = 256;

/** No key of a route looks like it, so no hash of an address is ever a visitor's digest. */
const ADDRESSES = "(address)";

/** Somebody who was met. */
interface Met {
  readonly route: RouteTally;
  readonly split: SplitTally;
  readonly decision: Decision;
  readonly who: Identity;
  readonly at: number;
  readonly untold: number;
  /** Given where the variant failed for them. */
  readonly minute: number | undefined;
  readonly ip: string | undefined;
}

/** A hash with another number worked into it. */
const stirred = (hash: number, number: number): number => {
  const x = Math.imul(hash ^ number, 0x9e3779b1);
  return (x ^ (x >>> 15)) >>> 0;
};

/** Whether somebody can be told of, as far as a request itself shows: who lasts, and is sure to keep a new id. */
export const canBeKnown = (who: Identity, facts: Facts): boolean =>
  who.lasts && who.source !== "ip" && !(who.isNew && isOwnId(who) && !isNavigation(facts));

/**
 * Whom an isolate met since its last report. A request pays for remembering somebody, and for one who was
 * told of for a look; digests are made behind responses.
 */
export class Visitors {
  readonly #key: SipKey;
  /** So that nobody can make ids that look alike here. */
  readonly #seed: number;
  readonly #told = new Seen(MAX_TOLD);
  readonly #untold = new Seen(MAX_UNTOLD);
  readonly #met = new Map<number, Met>();

  constructor(key: SipKey, random: () => number) {
    this.#key = key;
    this.#seed = Math.floor(random() * 2 ** 32);
  }

  /** Remembers a visitor of a split; whether it is time to {@link settle}. `minute` (since the epoch) is given where the variant failed for them. */
  meet(
    route: RouteTally,
    split: SplitTally,
    decision: Decision,
    facts: Facts,
    minute: number | undefined,
  ): boolean {
    const { who, counted, byRulePin } = decision;
    if (who === undefined || !(counted || byRulePin) || !canBeKnown(who, facts)) return false;
    const untold = this.mark(who.visitor, split);
    const told = this.markIn(untold, decision.variant.name, minute ?? 0);
    const met = this.#met;
    if (this.#untold.has(untold) || this.#told.has(told) || met.has(told) || met.size >= MAX_MET)
      return false;
    const ip = minute === undefined ? undefined : facts.ip();
    met.set(told, { route, split, decision, who, at: facts.now, untold, minute, ip });
    return met.size % SETTLE_EVERY === 0;
  }

  /** A number that stands for a visitor of a split. */
  mark(visitor: string, split: SplitTally): number {
    return stirred(murmur3(visitor, this.#seed), split.mark);
  }

  /** A number that stands for a visitor of a split on a variant, at one time or another. */
  markIn(mark: number, variant: string, time: number): number {
    return stirred(stirred(mark, murmur3(variant, 0)), time);
  }

  /** The digest of a visitor of a route; nothing where the id has no good check. */
  digest({ key }: RouteTally, who: Identity): string | undefined {
    const { visitor, isNew, known } = who;
    const isSound = !isOwnId(who) || isNew || known?.check === idCheck(this.#key, visitor);
    return isSound ? visitorDigest(this.#key, key, visitor) : undefined;
  }

  /** A keyed hash of the network of an address. */
  addressDigest(ip: string): string {
    return visitorDigest(this.#key, ADDRESSES, networkOf(ip));
  }

  /** Takes those who were met up for the next report. */
  settle(): void {
    for (const [told, met] of this.#met) {
      const { route, split, who, untold, minute } = met;
      const digest = this.digest(route, who);
      if (digest === undefined) {
        if (!this.#untold.has(untold)) split.unchecked += 1;
        this.#untold.add(untold);
        continue;
      }
      this.#told.add(told);
      // Nobody is tried again whom there was no room for: who comes back more often, or met a failure, must not be more likely to be told of.
      if (!this.#tell(digest, met) && minute === undefined) this.#untold.add(untold);
    }
    this.#met.clear();
  }

  #tell(digest: string, { route, split, decision, who, at, minute, ip }: Met): boolean {
    const halvings = route.halvings.get(split.experiment) ?? 0;
    if (sampleUnit(digest) >= 2 ** -halvings) return true;
    const exposure = exposureOf(decision, at) ?? "drawn";
    const { seenAt } = who.known ?? {};
    return split.tell({
      digest,
      variant: decision.variant.name,
      at,
      ...(exposure !== "drawn" && { exposure }),
      ...(exposure === "pinned" && seenAt !== undefined && { seenAt }),
      ...(minute !== undefined && { failed: [minute] }),
      ...(ip !== undefined && { address: this.addressDigest(ip) }),
    });
  }
}
