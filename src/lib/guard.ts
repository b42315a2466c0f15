/** The words of a guard (docs/guards.md), which the policy, the statistics, the hub and the API share. */

/** What a guard looks at. Percentages and points as people write them: 2 is 2 %. */
export type GuardCheck =
  /** Visitors with a failure in a window: a limit of its own. */
  | { readonly metric: "failures"; readonly max: number }
  /** Visitors with a failure beside the control's, over the whole roll-out: percentage points. */
  | { readonly metric: "failures"; readonly maxIncrease: number }
  /** A quantile (0…1) of milliseconds to the response head in a window. */
  | { readonly metric: "latency"; readonly quantile: number; readonly maxMs: number }
  /** A quantile of milliseconds to the response head beside the control's: percent above it. */
  | { readonly metric: "latency"; readonly quantile: number; readonly maxIncrease: number }
  /** Whether the split divides as it should. Never takes anything back. */
  | { readonly metric: "srm" }
  /** A goal beside the control: percent below it. */
  | { readonly metric: "goal"; readonly goal: string; readonly maxDrop: number };

/** What a guard does where a check is breached. */
export const GUARD_ACTIONS = ["abort", "pause", "force-control", "switch-back", "alert"] as const;

export type GuardAction = (typeof GUARD_ACTIONS)[number];

/** The action that needs a ramp, whose clock it stops. */
export const STOPS_RAMP: GuardAction = "pause";

/**
 * Where a guard, or one of its checks, stands: nothing is wrong as far as the figures tell; there are
 * too few of them; somebody was told; something was taken back.
 */
export const GUARD_VERDICTS = ["healthy", "watching", "alerted", "acted"] as const;

export type GuardVerdict = (typeof GUARD_VERDICTS)[number];

/** Who signs a guard's edits in the history. */
export const GUARD_AUTHOR = "guard";
