import { signal } from "@preact/signals";

const TICK_MS = 1_000;

/** The time on this machine's clock (ms since the epoch), to the second: what shows how old something is reads it. */
export const now = signal(Date.now());

/** Begins to tell the time. */
export function startClock(): void {
  setInterval(() => {
    if (!document.hidden) now.value = Date.now();
  }, TICK_MS);
}
