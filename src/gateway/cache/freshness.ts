import { directivesIn, FOR_SHARED_CACHES } from "../respond/cache.ts";

const SECOND_MS = 1000;

/** What forbids to store an answer, or to serve it unasked (RFC 9111 §5.2.2.4, §5.2.2.5, §5.2.2.7): with field names behind it too. */
const FORBIDDING = ["no-store", "private", "no-cache"] as const;

/** How long an answer may be served from a copy, as it came. */
export interface Fresh {
  /** How old it was (s). */
  readonly age: number;
  /** For how long from then (s). */
  readonly seconds: number;
}

/** A list's directives by name (RFC 9111 §5.2), the quotes of values taken off. One that is said twice, and differently, has no value that can be read. */
function readDirectives(list: string | null): ReadonlyMap<string, string> {
  const read = new Map<string, string>();
  for (const directive of directivesIn(list)) {
    const [, name = "", value = ""] = /^([^=\s]*)\s*(?:=\s*"?([^"]*))?/.exec(directive) ?? [];
    const known = read.get(name.toLowerCase());
    read.set(name.toLowerCase(), known === undefined || known === value ? value : "twice");
  }
  return read;
}

/** Whole seconds; 0 where they cannot be read, for such an answer counts as stale (RFC 9111 §4.2.1). */
const secondsOf = (value: string): number => (/^\d+$/.test(value) ? Number(value) : 0);

/** Milliseconds since the epoch; NaN for what is not a date of HTTP's (RFC 9110 §5.6.7). */
export const httpDate = (text: string | null): number =>
  text !== null && /^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)/.test(text) ? Date.parse(text) : Number.NaN;

/** Whether `Cache-Control` has a directive. */
export const says = (headers: Headers, name: string): boolean =>
  readDirectives(headers.get("cache-control")).has(name);

/** How old an answer was when its head came (RFC 9111 §4.2.3), in seconds. */
function ageOf(headers: Headers, askedAt: number, now: number): number {
  const told = secondsOf(headers.get("age") ?? "");
  const date = httpDate(headers.get("date"));
  // A date has whole seconds: what is younger than one is new.
  const apparent = Number.isNaN(date) ? 0 : Math.floor((now - date) / SECOND_MS);
  return Math.max(0, apparent, told + (now - askedAt) / SECOND_MS);
}

/** For how long an answer is fresh (s) by what its origin says (RFC 9111 §4.2.1); nothing where it says nothing. */
function lifetimeOf(headers: Headers, lists: readonly ReadonlyMap<string, string>[], now: number) {
  const told = lists.flatMap((list) => list.get("s-maxage") ?? list.get("max-age") ?? []);
  if (told.length > 0) return Math.min(...told.map(secondsOf));
  const expires = headers.get("expires");
  if (expires === null) return undefined;
  const date = httpDate(headers.get("date"));
  // What is not a date lies in the past (RFC 9111 §5.3).
  return (httpDate(expires) - (Number.isNaN(date) ? now : date)) / SECOND_MS || 0;
}

/**
 * For how long an answer may be served from a copy: as its origin says, `ttlSeconds` at most, and
 * so long where it says nothing; or, in a word, why not at all. Fields for caches like this one (RFC 9213) may
 * forbid what `Cache-Control` allows, and shorten it, but never the other way round.
 */
export function freshness(
  headers: Headers,
  ttlSeconds: number,
  { askedAt, now, isExplicit }: { askedAt: number; now: number; isExplicit: boolean },
): Fresh | string {
  const fields = ["cache-control", ...headers.keys()].filter(
    (name, index) => index === 0 || FOR_SHARED_CACHES.test(name),
  );
  const lists = fields.map((name) => readDirectives(headers.get(name)));
  const forbidden = FORBIDDING.find((name) => lists.some((list) => list.has(name)));
  if (forbidden !== undefined) return forbidden;
  const lifetime = lifetimeOf(headers, lists, now);
  // HTTP/1.0's way to say no-cache, where nothing newer is said (RFC 9111 §5.4).
  if (lifetime === undefined && /no-cache/i.test(headers.get("pragma") ?? "")) return "no-cache";
  if (lifetime === undefined && isExplicit) return "status";
  const age = ageOf(headers, askedAt, now);
  const seconds = lifetime === undefined ? ttlSeconds - age : Math.min(lifetime - age, ttlSeconds);
  return seconds > 0 ? { age, seconds } : "stale";
}
