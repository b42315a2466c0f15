import { setTimeout as sleep } from "node:timers/promises";
import { see } from "../failures/seen.ts";

/** Visitors with a cookie each, beside all other traffic. */
const VISITORS = 12;

/** Between two rounds of visits (ms). */
const ROUND_MS = 100;

interface PinnedVisitor {
  readonly cookie: string;
  /** The variant of the first visit, while all was well. */
  readonly variant: string | undefined;
}

/** Visitors who must keep their variant, whatever fails: the rescuer may answer for it, but never becomes it. */
export function visitors(url: string, faults: string[]) {
  const known: PinnedVisitor[] = [];
  return {
    async arrive(): Promise<void> {
      for (let i = 0; i < VISITORS; i++) {
        const { head, by } = await see(url);
        const cookie = head.header("set-cookie")?.split(";", 1)[0] ?? "";
        known.push({ cookie, variant: by });
      }
    },
    async stay(signal: AbortSignal): Promise<void> {
      while (!signal.aborted) {
        for (const { cookie, variant } of known) {
          const { answer, by, insteadOf, head } = await see(url, { headers: { cookie } });
          const isKept = answer === "200" && (insteadOf ?? by) === variant;
          const isQuiet = head.header("set-cookie") === undefined;
          if (!isKept || !isQuiet)
            faults.push(`pinned to ${variant}: ${answer} by ${by} for ${insteadOf}`);
        }
        await sleep(ROUND_MS);
      }
    },
  };
}
