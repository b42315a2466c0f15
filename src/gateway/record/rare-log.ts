import type { Platform } from "../platform.ts";

/** What every request may meet is logged by an isolate at most so often (ms). */
export const LOG_EVERY_MS = 60_000;

/** A log that leaves out what comes within {@link LOG_EVERY_MS} of the last line written; a clock that goes back does not silence it for longer. */
export function rareLog({ log, now }: Pick<Platform, "log" | "now">): Platform["log"] {
  let last = -Infinity;
  return (level, message, details) => {
    const at = now();
    if (Math.abs(at - last) < LOG_EVERY_MS) return;
    last = at;
    log(level, message, details);
  };
}
