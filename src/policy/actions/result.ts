import type { Policy } from "../schema.ts";

/** What an action came to. */
export type ActionResult =
  | {
      readonly ok: true;
      readonly policy: Policy;
      /** Why there was nothing to do, where the policy is as the action would have it already. */
      readonly nothing?: string;
    }
  | { readonly ok: false; readonly message: string; readonly fix: string };

/** An earlier form of the whole policy, and which action made it when. */
export interface Past {
  readonly policy: Policy;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly action: string;
}

/** When an action happens, how long its result takes to be known everywhere, and what went before. */
export interface Clock {
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Until every machine serves what is published now (ms), at worst. */
  readonly propagationMs: number;
  /** The policy's forms, the newest first and with it the one acted on; as far back as is known. */
  readonly past?: readonly Past[];
}

/** An action that does not fit, and what to do instead. */
export function refuse(message: string, fix: string): ActionResult {
  return { ok: false, message, fix };
}

/** An action that finds everything as it would have it. */
export function nothing(policy: Policy, why: string): ActionResult {
  return { ok: true, policy, nothing: why };
}
