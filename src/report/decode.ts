import { readJson } from "../lib/json.ts";
import { refused, ok, type Result } from "../lib/result.ts";
import type { SampleRate } from "./measured.ts";
import { measuredReader, type ReadMeasured } from "./decode-measured.ts";
import { isCount, isFields, isName, isText } from "./fields.ts";
import {
  MAX_INTERVAL_MS,
  MAX_LOOKUPS,
  MAX_RELEASE_CHARS,
  MAX_REPORT_CHARS,
  MAX_REPORTED_ROUTES,
  MAX_WORKER_CHARS,
  MIN_INTERVAL_MS,
  type HeldRoute,
  type News,
  type NewsRoute,
  type Report,
} from "./wire.ts";
import { MAX_EXPERIMENT_CHARS } from "./wire-limits.ts";

/** Characters of an isolate's name: the hub keeps those of all isolates in one row. */
export const MAX_ISOLATE_CHARS = 48;

/** A report as far as it could be read. */
export interface ReadReport extends Report {
  /** What was left out of what it tells of splits, and why: the first few reasons. */
  readonly faults: readonly string[];
}

function heldRoute(value: unknown, measured: ReadMeasured): HeldRoute | undefined {
  if (!isFields(value)) return undefined;
  const { key, version, digest, requests, seen } = value;
  if (!isName(key) || !isCount(version) || !isName(digest)) return undefined;
  return {
    key,
    version,
    digest,
    requests: isCount(requests) ? requests : 0,
    ...(isName(seen) ? { seen } : {}),
    ...measured(key, value),
  };
}

/**
 * Reads a report from a gateway that may be of another release, or not a gateway at all: within its
 * limits, or refused with the reason. Fields that are not known are left out, so nothing but what is
 * named here ever reaches the hub. Of what it tells of splits a part that cannot be read is left out
 * alone: the rest counts.
 */
export function readReport(text: string): Result<ReadReport, string> {
  if (text.length > MAX_REPORT_CHARS)
    return refused(`a report has ${MAX_REPORT_CHARS} characters at most`);
  const value = readJson(text);
  if (!isFields(value) || value["v"] !== 1) return refused("not a report of version 1");
  const { isolate, sequence, routes, lookups, since, again, release, worker } = value;
  if (!isName(isolate) || isolate.length > MAX_ISOLATE_CHARS)
    return refused('"isolate" is not a name');
  if (!isCount(sequence) || sequence < 1) return refused('"sequence" is not a number from 1');
  if (!Array.isArray(routes) || routes.length > MAX_REPORTED_ROUTES)
    return refused(`"routes" is not a list of ${MAX_REPORTED_ROUTES} at most`);
  const faults: string[] = [];
  const measured = measuredReader(faults);
  const held = routes
    .map((route) => heldRoute(route, measured))
    .filter((route) => route !== undefined);
  if (held.length !== routes.length) return refused('"routes" has an entry that is not a route');
  if (!Array.isArray(lookups) || lookups.length > MAX_LOOKUPS || !lookups.every(isName))
    return refused(`"lookups" is not a list of ${MAX_LOOKUPS} keys at most`);
  return ok({
    v: 1,
    isolate,
    sequence,
    routes: held,
    lookups,
    since: isCount(since) ? since : 0,
    again: again === true,
    ...(isText(release, MAX_RELEASE_CHARS) ? { release } : {}),
    ...(isText(worker, MAX_WORKER_CHARS) ? { worker } : {}),
    faults,
  });
}

function newsRoute(value: unknown): NewsRoute | undefined {
  if (!isFields(value)) return undefined;
  const { key, version, text, over } = value;
  if (!isName(key) || !isCount(version) || (text !== null && typeof text !== "string"))
    return undefined;
  return { key, version, text, over: isCount(over) ? over : 0 };
}

const isRate = (value: unknown): value is SampleRate =>
  isFields(value) &&
  isName(value["key"]) &&
  isText(value["experiment"], MAX_EXPERIMENT_CHARS) &&
  isCount(value["halvings"]);

/** Reads what a hub answered, which may be of another release; `undefined` where it is not news. */
export function readNews(text: string): News | undefined {
  const value = readJson(text);
  if (!isFields(value) || value["v"] !== 1) return undefined;
  const { sequence, nextMs, routes, unknown, filled, more, created, samples, cursor } = value;
  if (!isCount(sequence) || !isCount(nextMs) || !Array.isArray(routes)) return undefined;
  return {
    v: 1,
    sequence,
    nextMs: Math.min(MAX_INTERVAL_MS, Math.max(MIN_INTERVAL_MS, nextMs)),
    routes: routes.map(newsRoute).filter((route) => route !== undefined),
    unknown: Array.isArray(unknown) ? unknown.filter(isName) : [],
    filled: filled === true,
    more: more === true,
    ...(Array.isArray(created) && created.every(isName) ? { created } : {}),
    samples: Array.isArray(samples) ? samples.filter(isRate) : [],
    cursor: isCount(cursor) ? cursor : 0,
  };
}
