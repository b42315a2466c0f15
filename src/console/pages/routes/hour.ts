import type { AnswerOf } from "../../../api/client/ask.ts";

/** What is drawn of a route: the last hour, in steps of five minutes. */
export const HOUR = { window: 3600, step: 300 } as const;

/** Requests and failures a minute, step by step, the oldest first. */
export interface Hour {
  readonly requests: readonly number[];
  readonly failures: readonly number[];
}

const MINUTE_MS = 60_000;

/** A shorter beginning of a step (ms) tells no rate. */
const LEAST_TOLD_MS = MINUTE_MS;

type Metrics = Pick<AnswerOf<"routeMetrics">, "from" | "to" | "step" | "series">;

/** All variants of all experiments together, as rates, for the last step has only begun. */
export function hourOf({ from, to, step, series }: Metrics): Hour {
  const [begin, end, stepMs] = [Date.parse(from), Date.parse(to), step * 1000];
  const whole = Math.floor((end - begin) / stepMs);
  const isTold = end - begin - whole * stepMs >= LEAST_TOLD_MS;
  const steps = Math.max(0, whole + (isTold ? 1 : 0));
  const requests = Array<number>(steps).fill(0);
  const failures = Array<number>(steps).fill(0);
  for (const { points } of series)
    for (const point of points) {
      const at = Math.round((Date.parse(point.at) - begin) / stepMs);
      if (at < 0 || at >= steps) continue;
      const minutes = Math.min(stepMs, end - begin - at * stepMs) / MINUTE_MS;
      requests[at] = (requests[at] ?? 0) + point.requests / minutes;
      failures[at] = (failures[at] ?? 0) + point.failures / minutes;
    }
  return { requests, failures };
}
