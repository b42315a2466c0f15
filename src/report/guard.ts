/** What a guard takes from isolates and hands to ledgers, as it goes between them. Fields are only ever added. */

/**
 * A visitor of a guarded split in one of the guard's windows: told once a window, and once more in
 * it where the variant failed for them. Who has no identity that lasts, as on a blue-green switch
 * without a drain, is known by address.
 */
export interface WatchedVisitor {
  /** `visitorDigest`, or where they are known by address its keyed hash: 16 hexadecimal digits. */
  readonly digest: string;
  readonly variant: string;
  /** The request that is told of (ms since the epoch); `at / windowMs`, rounded down, is its window. */
  readonly at: number;
  /** True where the variant failed for it. */
  readonly failed?: boolean;
  /** The bucket (`lib/latency.ts`) of its response head; absent where none came. */
  readonly latency?: number;
  /** A keyed hash of their IPv4 address or IPv6 /64: 16 hexadecimal digits. */
  readonly address?: string;
}

/** Visitors of a variant in a window for whom a report had no room: they make a share smaller, never larger. */
export interface UnlistedVisitors {
  readonly variant: string;
  readonly window: number;
  readonly count: number;
}

/** Visitors of guarded splits that one report tells of, of all routes together; the rest waits for the next. */
export const MAX_REPORTED_WATCHED = 100;

/** What a guard wants of a ledger. */
export type OrderedAction =
  | { readonly kind: "abort" }
  | { readonly kind: "pause" }
  | { readonly kind: "force"; readonly variant: string }
  | { readonly kind: "switch-back" }
  /** Grants a ramp's step, by its index; the step begins when the edit is made. */
  | { readonly kind: "grant"; readonly step: number };

/** An edit that a guard asks a ledger for. A repeated one is done once. */
export interface GuardOrder {
  readonly key: string;
  /** The version that was judged: of another one the ledger changes nothing. */
  readonly version: number;
  /** A JSON Pointer to the split within the policy; "" for the policy itself. */
  readonly node: string;
  readonly action: OrderedAction;
  /** What was found, in words: values, limits, samples. The note of the version. */
  readonly evidence: string;
}

/** An order of a shard of the release before, which called its action a deed. */
export type EarlierOrder = Omit<GuardOrder, "action"> & { readonly deed: OrderedAction };

/** An order, of whichever release the shard is that gives it. */
export function orderOf(received: GuardOrder | EarlierOrder): GuardOrder {
  if ("action" in received) return received;
  const { deed, ...order } = received;
  return { ...order, action: deed };
}

/** What became of an order: done (once more told where it was done before); out of date, and to be judged anew; or not to be done at all, and why. */
export type GuardOutcome =
  | { readonly done: "made" | "already"; readonly version: number }
  | { readonly done: "outdated" }
  | { readonly done: "refused"; readonly reason: string };
