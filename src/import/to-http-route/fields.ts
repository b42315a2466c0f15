import { isFields, type Fields } from "../../policy/check-report.ts";
import type { Place } from "../place.ts";

const MS_PER_SECOND = 1000;

/** A time in the API's form, whose numbers have five digits. */
const durationOf = (ms: number): string =>
  ms % MS_PER_SECOND === 0
    ? `${ms / MS_PER_SECOND}s`
    : `${ms > 99_999 ? `${Math.floor(ms / MS_PER_SECOND)}s${ms % MS_PER_SECOND}` : ms}ms`;

const namedValues = (written: unknown): object[] =>
  Object.entries(isFields(written) ? written : {}).map(([name, value]) => ({ name, value }));

function modifierOf(place: Place): object | undefined {
  const written = place.value;
  if (!isFields(written)) return undefined;
  for (const kind of ["set", "add"])
    for (const value of Object.values(isFields(written[kind]) ? written[kind] : {}))
      if (typeof value !== "string") place.at(kind).error("cannot be said: a secret's value");
  return {
    ...("set" in written ? { set: namedValues(written["set"]) } : {}),
    ...("add" in written ? { add: namedValues(written["add"]) } : {}),
    ...("remove" in written ? { remove: written["remove"] } : {}),
  };
}

/** The header filters of a `headers` field. */
export function headerFilters(place: Place | undefined): object[] {
  const written = place?.value;
  if (place === undefined || !isFields(written)) return [];
  const filter = (side: string, type: string, field: string): object[] =>
    side in written ? [{ type, [field]: modifierOf(place.at(side, written[side])) }] : [];
  return [
    ...filter("request", "RequestHeaderModifier", "requestHeaderModifier"),
    ...filter("response", "ResponseHeaderModifier", "responseHeaderModifier"),
  ];
}

/** A new path as the API writes it. */
export function newPathOf({ path, prefix }: Fields): Fields {
  if (path !== undefined) return { path: { type: "ReplaceFullPath", replaceFullPath: path } };
  if (prefix === undefined) return {};
  const replacePrefixMatch = prefix === "" ? "/" : prefix;
  return { path: { type: "ReplacePrefixMatch", replacePrefixMatch } };
}

/** The `timeouts` of a rule. A try that may take longer than all together is one that may take as long: the API refuses it otherwise. */
export function timeoutsOf({ timeoutMs: each, totalTimeoutMs }: Fields): Fields {
  const timeoutMs =
    typeof each === "number" && typeof totalTimeoutMs === "number"
      ? Math.min(each, totalTimeoutMs)
      : each;
  const timeouts = {
    ...(typeof totalTimeoutMs === "number" ? { request: durationOf(totalTimeoutMs) } : {}),
    ...(typeof timeoutMs === "number" ? { backendRequest: durationOf(timeoutMs) } : {}),
  };
  return Object.keys(timeouts).length === 0 ? {} : { timeouts };
}

/** Statuses that are retried where a policy names none. */
const DEFAULT_CODES = [502, 503, 504];

/** The `retry` of a rule. */
export function retryOf(place: Place | undefined): Fields {
  const written = place?.value;
  if (place === undefined || !isFields(written)) return {};
  const { attempts, on, backoffMs } = written;
  const named: readonly unknown[] = Array.isArray(on)
    ? on
    : ["network", "timeout", ...DEFAULT_CODES];
  if (!named.includes("network") || !named.includes("timeout"))
    place.at("on").error("cannot be said: the API always retries connections and time-outs");
  const codes = named.filter((one) => typeof one === "number");
  return {
    retry: {
      attempts,
      ...(codes.length === 0 ? {} : { codes }),
      ...(typeof backoffMs === "number" ? { backoff: durationOf(backoffMs) } : {}),
    },
  };
}

/** What policies call a part of CORS, and what the API calls it. */
const CORS = {
  origins: "allowOrigins",
  methods: "allowMethods",
  headers: "allowHeaders",
  expose: "exposeHeaders",
  credentials: "allowCredentials",
  maxAgeSeconds: "maxAge",
} as const;

/** The filter of a `cors` field. */
export function corsFilters(written: unknown): object[] {
  if (!isFields(written)) return [];
  const cors = Object.entries(CORS).flatMap(([name, called]) =>
    name in written ? [[called, written[name]] as const] : [],
  );
  return [{ type: "CORS", cors: Object.fromEntries(cors) }];
}

/** The `sessionPersistence` of a split; nothing for one that draws each request. */
export function sessionOf(place: Place): Fields {
  const written = place.value;
  if (written === false) return {};
  if (!isFields(written) || written["mode"] !== "pin")
    return (
      place.error('cannot be said: the API draws each request, or pins; write false or "pin"') ?? {}
    );
  const { by = ["cookie"], cookie } = written;
  if (JSON.stringify(by) !== '["cookie"]')
    place.at("by").error("cannot be said: the API knows visitors by cookie alone");
  if (written["onZero"] === "evict") place.at("onZero").error("cannot be said by the API");
  const { name, ttlSeconds, ...others } = isFields(cookie) ? cookie : {};
  for (const other of Object.keys(others))
    place.at("cookie").at(other).error("cannot be said by the API");
  return {
    sessionPersistence: {
      type: "Cookie",
      ...(name === undefined ? {} : { sessionName: name }),
      ...(typeof ttlSeconds === "number"
        ? { absoluteTimeout: durationOf(ttlSeconds * MS_PER_SECOND) }
        : {}),
    },
  };
}
