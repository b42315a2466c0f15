import {
  DEFAULT_METRICS_STEP_SECONDS,
  DEFAULT_METRICS_WINDOW_SECONDS,
  MAX_METRICS_POINTS,
  MAX_METRICS_WINDOW_SECONDS,
  MINUTES_KEPT_SECONDS,
} from "../api/limits.ts";
import type { RouteResults } from "../hub/measure/answers.ts";
import type { MetricsQuery, RouteMetrics, WithTag } from "../report/answers.ts";
import { ApiError } from "./api-error.ts";
import { knownTag, notModified, tagged } from "./conditional.ts";
import { iso, keyOf, wholeIn, type Call } from "./call.ts";
import { withHub } from "./hub.ts";
import { demandRoute } from "./known-route.ts";

const MINUTE = 60;
const HOUR = 3600;

function queryOf(call: Call): MetricsQuery {
  const window = wholeIn(
    call,
    "window",
    MINUTE,
    MAX_METRICS_WINDOW_SECONDS,
    DEFAULT_METRICS_WINDOW_SECONDS,
  );
  const unit = window > MINUTES_KEPT_SECONDS ? HOUR : MINUTE;
  const fewest = Math.ceil(window / MAX_METRICS_POINTS / unit) * unit;
  const otherwise = Math.max(fewest, DEFAULT_METRICS_STEP_SECONDS);
  const step = wholeIn(call, "step", 1, MAX_METRICS_WINDOW_SECONDS, otherwise);
  if (step % unit !== 0)
    throw new ApiError("query-invalid", {
      what: `"step" must be a multiple of ${unit} with "window" ${window}: minutes are kept for a day, and hours after it`,
      fix: `write for example step=${fewest}`,
    });
  if (step > window)
    throw new ApiError("query-invalid", {
      what: '"step" must not be longer than "window"',
      fix: `write for example window=${step}`,
    });
  if (step < fewest)
    throw new ApiError("query-invalid", {
      what: `"window" holds ${MAX_METRICS_POINTS} steps at most`,
      fix: `write for example step=${fewest}`,
    });
  return { window, step };
}

const nothingOf = (
  key: string,
  { window, step }: MetricsQuery,
  now: number,
): WithTag<RouteMetrics> => ({
  route: key,
  from: iso(now - window * 1000),
  to: iso(now),
  step,
  series: [],
});

/** Requests, failures and latencies of each variant, step by step. */
export async function routeMetrics(call: Call): Promise<Response> {
  const key = keyOf(call.params);
  const query = queryOf(call);
  const known = knownTag(call);
  const found = await withHub(call, key, async (hub) => hub.metrics(key, query, known));
  if (found !== undefined && "unchanged" in found) return notModified(known ?? "");
  const { tag, ...answer } = found ?? nothingOf(key, query, call.services.now());
  // With a tag the answer is the hub's alone: it knows that there is such a route.
  if (answer.series.length === 0 && tag === undefined) await demandRoute(call, key);
  return tagged(answer, tag);
}

/** What is concluded of each experiment. */
export async function routeResults(call: Call): Promise<Response> {
  const key = keyOf(call.params);
  const known = knownTag(call);
  const found = await withHub(call, key, async (hub) => hub.results(key, known));
  if (found !== undefined && "unchanged" in found) return notModified(known ?? "");
  const nothing: WithTag<RouteResults> = { route: key, experiments: [] };
  const { tag, ...answer } = found ?? nothing;
  if (answer.experiments.length === 0 && tag === undefined) await demandRoute(call, key);
  return tagged(answer, tag);
}
