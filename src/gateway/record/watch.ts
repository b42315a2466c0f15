import type { Identity } from "../../decide/identity.ts";
import { isPrefetch } from "../../decide/newcomer.ts";
import type { Decision } from "../../decide/outcome.ts";
import { latencyBucket } from "../../lib/latency.ts";
import type { Facts } from "../../policy/facts.ts";
import { networkOf } from "./network.ts";
import type { RouteTally } from "./route-tally.ts";
import { Seen } from "./seen.ts";
import type { SplitTally } from "./split-tally.ts";
import { canBeKnown, MAX_MET, SETTLE_EVERY, type Visitors } from "./visitors.ts";

/** Visitors, each with a window, that an isolate remembers to have told of: 32 KB. */
const MAX_SEEN = 8192;

/** What came of a request, as far as guards look at it. */
export interface Came {
  readonly failed: boolean;
  /** Milliseconds to the variant's response head; `undefined` where it gave none. */
  readonly ms: number | undefined;
}

/** Somebody who came in a window. */
interface Sighting extends Came {
  readonly route: RouteTally;
  readonly split: SplitTally;
  readonly variant: string;
  readonly window: number;
  readonly at: number;
  /** Who is known by address alone has none. */
  readonly who: Identity | undefined;
  readonly ip: string | undefined;
}

/** Whether a guard looks at a request: one that counts, and where nobody is drawn, a page that somebody opens. */
function isOfGuard({ counted, node, reason }: Decision, facts: Facts): boolean {
  if (counted) return true;
  const { guard } = node.definition;
  if (guard === "nothing" || guard.compares) return false;
  if (reason !== "active" && reason !== "draining") return false;
  return (
    facts.method !== "HEAD" && facts.method !== "OPTIONS" && !facts.bot() && !isPrefetch(facts)
  );
}

/** Who came in the windows of guards since the last report, each visitor once a window, and once more where the variant failed for them. */
export class Watch {
  readonly #visitors: Visitors;
  readonly #seen = new Seen(MAX_SEEN);
  readonly #met = new Map<number, Sighting>();

  constructor(visitors: Visitors) {
    this.#visitors = visitors;
  }

  /** Remembers somebody of a guarded split; whether it is time to {@link settle}. */
  meet(
    route: RouteTally,
    split: SplitTally,
    decision: Decision,
    facts: Facts,
    { failed, ms }: Came,
  ): boolean {
    const { guard } = decision.node;
    if (guard?.watches !== true || !isOfGuard(decision, facts)) return false;
    const ip = facts.ip();
    const { who } = decision;
    const isByAddress = who === undefined || who.source === "ip";
    if (isByAddress ? ip === undefined : !canBeKnown(who, facts)) return false;
    const window = Math.floor(facts.now / guard.windowMs);
    const variant = decision.variant.name;
    // Whoever has a whole network of addresses is one visitor.
    const visitor = isByAddress ? networkOf(ip ?? "") : who.visitor;
    const mark = this.#visitors.mark(visitor, split);
    const seen = this.#visitors.markIn(mark, variant, window * 2 + Number(failed));
    const met = this.#met;
    if (this.#seen.has(seen) || met.has(seen) || met.size >= MAX_MET) return false;
    const by = isByAddress ? undefined : who;
    met.set(seen, { route, split, variant, window, at: facts.now, who: by, ip, failed, ms });
    return met.size % SETTLE_EVERY === 0;
  }

  /** Takes those who were met up for the next report. */
  settle(): void {
    for (const [seen, { route, split, variant, window, at, who, ip, failed, ms }] of this.#met) {
      const address = ip === undefined ? undefined : this.#visitors.addressDigest(ip);
      const digest = who === undefined ? address : this.#visitors.digest(route, who);
      if (digest === undefined) {
        this.#seen.add(seen);
        continue;
      }
      const isTold = split.watch(window, {
        digest,
        variant,
        at,
        ...(failed && { failed }),
        ...(ms !== undefined && { latency: latencyBucket(ms) }),
        ...(address !== undefined && { address }),
      });
      // A failure for which there was no room is tried again: it is evidence, and its visitor is counted already.
      if (isTold || !failed) this.#seen.add(seen);
    }
    this.#met.clear();
  }
}
