import { now } from "../data/now.ts";
import { localTime, relative, utcTime } from "../data/format.ts";

interface TimeProps {
  /** Milliseconds since the epoch, or RFC 3339. */
  readonly at: number | string;
  /** Whether it is told as "3 minutes ago". */
  readonly ago?: boolean;
}

/** An instant on the reader's clock, with UTC in its title. */
export function Time({ at, ago = false }: TimeProps) {
  const ms = typeof at === "number" ? at : Date.parse(at);
  return (
    <time dateTime={new Date(ms).toISOString()} title={`${localTime(ms)} · ${utcTime(ms)}`}>
      {ago ? relative(ms, now.value) : localTime(ms)}
    </time>
  );
}
