import type { LeafNode } from "../../policy/compiled.ts";
import type { Ramp } from "../../policy/ramp.ts";
import type { Reminder } from "./reminders.ts";

/** A ramp that has stood still for so long (ms) is called abandoned: a day. */
export const ABANDONED_MS = 86_400_000;

/** From when on a ramp stands still though it has steps left (ms since the epoch): where it is paused, or waits to be earned. */
function standsFrom({ startAtMs, steps, pausedAtMs, upTo }: Ramp): number | undefined {
  const last = steps.length - 1;
  const nextFrom = (index: number): number => startAtMs + (steps[index]?.fromMs ?? 0);
  const waitsFrom = upTo < last ? nextFrom(upTo + 1) : Infinity;
  const isPausedBeforeLast = pausedAtMs !== undefined && pausedAtMs < nextFrom(last);
  const from = Math.min(waitsFrom, isPausedBeforeLast ? pausedAtMs : Infinity);
  return from === Infinity ? undefined : from;
}

/** What may have to be told of a policy's splits later, if nobody changes it before. Pure. */
export function remindersOf(splits: Iterable<readonly [string, LeafNode]>): Reminder[] {
  const reminders: Reminder[] = [];
  for (const [experiment, node] of splits) {
    const { guard } = node.definition;
    if (guard === "nothing" || node.force !== undefined) continue;
    const lapsesAt = guard.lapsesAt(node);
    if (lapsesAt !== undefined) {
      // What gives nobody anything right before its end has nothing to lose.
      const [, ...others] = node.definition.shares(node, lapsesAt - 1);
      if (others.some((share) => share > 0))
        reminders.push({ event: "lease-expired", experiment, at: lapsesAt });
    }
    const ramp = guard.ramp(node);
    const from = ramp && standsFrom(ramp);
    if (from !== undefined && (lapsesAt === undefined || from < lapsesAt))
      reminders.push({ event: "ramp-abandoned", experiment, at: from + ABANDONED_MS });
  }
  return reminders;
}
