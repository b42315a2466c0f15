import type { Client } from "../../api/client/ask.ts";
import { routeMetrics, routeResults } from "../../api/client/reads.ts";
import { MAX_METRICS_WINDOW_SECONDS } from "../../api/limits.ts";
import { millis } from "../../lib/instant-text.ts";
import type { RouteMetrics } from "../measure/shapes.ts";

/** Seconds of metrics that tell how many requests there are now. */
const NOW_SECONDS = 3600;

const MINUTE_SECONDS = 60;
const HOUR_SECONDS = 3600;
const DAY_SECONDS = 86_400;

/**
 * The window (seconds) that holds all of the last `age` seconds: metrics are told by minutes of the clock, beyond a
 * day by hours, and leave out the one in which a window begins.
 */
function windowOf(age: number): number {
  const step = age + MINUTE_SECONDS <= DAY_SECONDS ? MINUTE_SECONDS : HOUR_SECONDS;
  return Math.min(MAX_METRICS_WINDOW_SECONDS, age + step);
}

/** What comes to a split. */
export interface SplitTraffic {
  /** New visitors, those that are counted. */
  readonly visitorsPerMinute: number;
  readonly requestsPerMinute: number;
  /** The share (0…1) of the control's visitors who met a failure. */
  readonly baseline: number;
}

/** Requests that count, of all variants of an experiment. */
const countedIn = ({ series }: RouteMetrics, experiment: string): number =>
  series
    .filter((one) => one.experiment === experiment)
    .flatMap(({ points }) => points)
    .reduce((sum, { counted }) => sum + counted, 0);

/**
 * What has come to a split by the hub's counts: requests of the last hour, and as many visitors to them as
 * there have been since it began. `undefined` where nobody came yet.
 */
export async function trafficOf(
  client: Client,
  key: string,
  experiment: string,
  now: number,
): Promise<SplitTraffic | undefined> {
  const { experiments } = await routeResults(client, key);
  const result = experiments.find((one) => one.experiment === experiment);
  if (result === undefined) return undefined;
  const since = millis(result.since);
  const age = Math.max(0, Math.ceil((now - since) / 1000));
  const [recent, all] = await Promise.all(
    [Math.min(age, NOW_SECONDS), age].map(async (seconds) =>
      routeMetrics(client, key, { window: windowOf(seconds) }),
    ),
  );
  if (recent === undefined || all === undefined) return undefined;
  const sampled = result.variants.reduce((sum, { visitors }) => sum + visitors, 0);
  const counted = countedIn(all, experiment);
  if (sampled === 0 || counted === 0) return undefined;
  const seconds = (millis(recent.to) - Math.max(millis(recent.from), since)) / 1000;
  // Of a few seconds nobody can say how many come in a minute.
  const minutes = Math.max(1, seconds / MINUTE_SECONDS);
  const requestsPerMinute = countedIn(recent, experiment) / minutes;
  const control = result.variants.find(({ variant }) => variant === result.control);
  return {
    visitorsPerMinute: (requestsPerMinute * sampled) / result.sampleRate / counted,
    requestsPerMinute,
    baseline:
      control === undefined || control.visitors === 0 ? 0 : control.failed / control.visitors,
  };
}
