import { setTimeout as sleep } from "node:timers/promises";

import { Refused } from "../../api/client/refused.ts";
import { Failure } from "../failure.ts";

/** Where what is watched is shown. */
export interface View<T> {
  readonly show: (seen: T) => void;
  /** There was no answer this time; what was shown before is old. */
  readonly lost: (failure: Failure) => void;
  /** Nothing is shown any more. */
  readonly close: () => void;
}

interface Watch<T> {
  readonly look: () => Promise<T>;
  readonly view: View<T>;
  /** Between two looks (ms). */
  readonly intervalMs: number;
  readonly ending: AbortSignal;
}

/** Whether what failed may work later: nothing answers, or the answer was that it cannot be given now. */
function mayPass(error: unknown): error is Failure {
  if (error instanceof Refused) return error.status >= 500 || error.status === 429;
  return error instanceof Failure && ["unreachable", "no-api"].includes(error.code);
}

/**
 * Looks again and again and shows what it sees, until it is to end. An API that is away meanwhile is
 * waited for; one that is away from the start, and a refusal that no waiting changes, are thrown.
 */
export async function watching<T>({ look, view, intervalMs, ending }: Watch<T>): Promise<void> {
  let seen = false;
  try {
    while (!ending.aborted) {
      try {
        view.show(await look());
        seen = true;
      } catch (error) {
        if (ending.aborted) return;
        if (!seen || !mayPass(error)) throw error;
        view.lost(error);
      }
      await sleep(intervalMs, undefined, { signal: ending }).catch(() => undefined);
    }
  } finally {
    view.close();
  }
}
