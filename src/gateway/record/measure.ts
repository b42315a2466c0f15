import type { Decision } from "../../decide/outcome.ts";
import type { SipKey } from "../../lib/siphash.ts";
import type { Facts } from "../../policy/facts.ts";
import type { UpstreamResult } from "../forward/failover.ts";
import type { Route } from "../load/policy-memory.ts";
import type { Platform } from "../platform.ts";
import { Allocations } from "./allocations.ts";
import { GOAL_FIELD } from "./goal-field.ts";
import { Goals } from "./goals.ts";
import { rareLog } from "./rare-log.ts";
import type { RouteTally } from "./route-tally.ts";
import { Visitors } from "./visitors.ts";
import { Watch } from "./watch.ts";

const MINUTE_MS = 60_000;

/** What was done with a request: it was forwarded, or, in a word, what else. */
export type Done = { readonly decision: Decision; readonly upstream: UpstreamResult } | string;

/** A request that was answered. */
export interface Answered {
  readonly route: Route;
  readonly facts: Facts;
  readonly status: number;
  readonly done: Done;
}

/** Counts for the hub what became of requests. Never throws. */
export class Measure {
  readonly #allocations = new Allocations();
  readonly #visitors: Visitors | undefined;
  readonly #watch: Watch | undefined;
  readonly #goals: Goals;
  readonly #platform: Platform;
  readonly #log: Platform["log"];

  constructor(visitorKey: SipKey | undefined, platform: Platform) {
    this.#visitors = visitorKey && new Visitors(visitorKey, platform.random);
    this.#watch = this.#visitors && new Watch(this.#visitors);
    this.#goals = new Goals(this.#visitors);
    this.#platform = platform;
    this.#log = rareLog(platform);
  }

  /** Counts a request; whether it is time to {@link settle}. */
  count(tally: RouteTally, answered: Answered): boolean {
    return this.#safely(() => this.#count(tally, answered)) ?? false;
  }

  /** Does what is left for behind responses. */
  settle(): void {
    this.#safely(() => {
      this.#visitors?.settle();
      this.#watch?.settle();
    });
  }

  /** The visitor has their answer: a count that is lost is no reason to take it away. */
  #safely<T>(work: () => T): T | undefined {
    try {
      return work();
    } catch (error) {
      this.#log("error", "a request could not be counted", { error: String(error) });
      return undefined;
    }
  }

  #count(tally: RouteTally, { route: { policy }, facts, status, done }: Answered): boolean {
    const hasGoals = policy.goals.length > 0;
    if (typeof done === "string") {
      tally.ended(done);
      // A page that asks what it may ask for reaches nothing.
      if (hasGoals && done !== "preflight") this.#goals.count(tally, policy, facts, status, null);
      return false;
    }
    const { decision, upstream } = done;
    const { response, variant, primaryFailure } = upstream;
    if (hasGoals) {
      const field = response?.headers.get(GOAL_FIELD) ?? null;
      this.#goals.count(tally, policy, facts, status, field, decision);
    }
    const split = tally.split(decision.node, this.#allocations.of(decision.node, facts.now));
    if (split === undefined) return false;
    const now = this.#platform.now();
    const minute = Math.floor(now / MINUTE_MS);
    split.count(minute, decision.variant.name, {
      reason: decision.reason,
      counted: decision.counted,
      status,
      ms: now - facts.now,
      // Every status from 500 on is one kind.
      failure: typeof primaryFailure === "number" ? "status" : primaryFailure,
      isRescued: response !== undefined && variant !== decision.variant,
    });
    const failed = primaryFailure !== undefined;
    const isOwn = response !== undefined && variant === decision.variant;
    const came = { failed, ms: isOwn ? now - facts.now : undefined };
    const isFull = this.#watch?.meet(tally, split, decision, facts, came) ?? false;
    const failedIn = failed ? minute : undefined;
    return (this.#visitors?.meet(tally, split, decision, facts, failedIn) ?? false) || isFull;
  }
}
