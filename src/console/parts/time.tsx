import { now } from "../data/now.ts";
import { localTime, relative, since, utcTime } from "../data/format.ts";

interface TimeProps {
  /** Milliseconds since the epoch, or RFC 3339. */
  readonly at: number | string;
  /** Whether it is told as "3 minutes ago": of what did happen, and so never as what lies ahead. */
  readonly ago?: boolean;
  /** Whether it is told as "in 2 hours": of what may lie ahead. */
  readonly away?: boolean;
}

/** An instant on the reader's clock, with UTC in its title. */
export function Time({ at, ago, away }: TimeProps) {
  const ms = typeof at === "number" ? at : Date.parse(at);
  const iso = new Date(ms).toISOString();
  return (
    <time dateTime={iso} title={`${localTime(ms)} · ${utcTime(iso)}`}>
      {ago ? since(ms, now.value) : away ? relative(ms, now.value) : localTime(ms)}
    </time>
  );
}
