import { now } from "../data/now.ts";
import { ago, localTime, relative, utcTime } from "../data/format.ts";

interface TimeProps {
  /** Milliseconds since the epoch, or RFC 3339. */
  readonly at: number | string;
  /** How it is told: by the clock, else as "3 minutes ago" what did happen, and as "in 2 hours" what may lie ahead. */
  readonly as?: "clock" | "ago" | "away";
}

const TOLD = {
  clock: localTime,
  ago: (at: number) => ago(at, now.value),
  away: (at: number) => relative(at, now.value),
};

/** An instant on the reader's clock, with UTC in its title. */
export function Time({ at, as = "clock" }: TimeProps) {
  const ms = typeof at === "number" ? at : Date.parse(at);
  return (
    <time dateTime={new Date(ms).toISOString()} title={`${localTime(ms)} · ${utcTime(ms)}`}>
      {TOLD[as](ms)}
    </time>
  );
}
