import type { Policy } from "../schema.ts";

/** What an action came to. */
export type ActionResult =
  | { readonly ok: true; readonly policy: Policy }
  | { readonly ok: false; readonly message: string; readonly fix: string };

/** When an action happens, and how long its result takes to be known everywhere. */
export interface Clock {
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Until every machine serves what is published now (ms), at worst. */
  readonly propagationMs: number;
}

/** An action that does not fit, and what to do instead. */
export function refuse(message: string, fix: string): ActionResult {
  return { ok: false, message, fix };
}
