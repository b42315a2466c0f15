import type {
  CacheKey,
  Condition,
  HeaderEdit,
  HeaderEdits,
  Match,
  Origin,
  PathPattern,
  Source,
  Sticky,
  Variant,
} from "./compiled.ts";
import { DEFAULT_TTL_SECONDS } from "./limits.ts";
import type { ConditionInput, MatchInput } from "./match-schema.ts";
import { normalPath } from "../lib/path.ts";
import type { StickyInput } from "./sticky.ts";
import type { HeaderChanges, Headers, OriginInput } from "./values.ts";

/** The cookie's name where a policy says nothing. */
export const DEFAULT_COOKIE_NAME = "sy";

function editsOf(changes: HeaderChanges | undefined): HeaderEdit[] {
  const named = (kind: "set" | "add", fields: Record<string, string> = {}): HeaderEdit[] =>
    Object.entries(fields).map(([name, value]) => ({ kind, name: name.toLowerCase(), value }));
  const removed = (changes?.remove ?? []).map((name): HeaderEdit => ({
    kind: "remove",
    name: name.toLowerCase(),
    value: "",
  }));
  return [...removed, ...named("set", changes?.set), ...named("add", changes?.add)];
}

const NO_EDITS: HeaderEdits = { request: [], response: [] };

/** All header changes in one list per direction: removals first, so that what is set is there. */
function compileEdits(...levels: readonly (Headers | undefined)[]): HeaderEdits {
  if (levels.every((level) => level === undefined)) return NO_EDITS;
  return {
    request: levels.flatMap((level) => editsOf(level?.request)),
    response: levels.flatMap((level) => editsOf(level?.response)),
  };
}

/** An origin's URL in its parts; the text has passed the schema. */
function compileOrigin(input: OriginInput): Origin {
  const url = new URL(typeof input === "string" ? input : input.url);
  return { origin: url.origin, host: url.host, base: normalPath(url.pathname).replace(/\/+$/, "") };
}

interface VariantParts {
  readonly name: string;
  readonly origin: OriginInput;
  readonly weight?: number;
  readonly timeoutMs: number;
  readonly headers: readonly (Headers | undefined)[];
}

/** A variant with its policy's headers and time-out, its own winning. */
export function compileVariant({
  name,
  origin,
  weight = 1,
  timeoutMs,
  headers,
}: VariantParts): Variant {
  const own = typeof origin === "string" ? undefined : origin;
  return {
    name,
    origin: compileOrigin(origin),
    weight,
    timeoutMs: own?.timeoutMs ?? timeoutMs,
    edits: compileEdits(...headers, own?.headers),
  };
}

/** Stickiness with its defaults. */
export function compileSticky(input: StickyInput | undefined): Sticky | false {
  return input === undefined ? DEFAULT_STICKY : stickyOf(input);
}

function stickyOf(input: StickyInput): Sticky | false {
  if (input === false) return false;
  const by = (input.by ?? ["cookie"]).map((source): Source => {
    if (source === "cookie" || source === "ip") return { from: source };
    return "header" in source
      ? { from: "header", name: source.header.toLowerCase() }
      : { from: "query", name: source.query };
  });
  return {
    by,
    byCookie: by.some((source) => source.from === "cookie"),
    mode: input.mode ?? "hash",
    onZero: input.onZero ?? "keep",
    cookie: {
      name: input.cookie?.name ?? DEFAULT_COOKIE_NAME,
      ttlSeconds: input.cookie?.ttlSeconds ?? DEFAULT_TTL_SECONDS,
      domain: input.cookie?.domain?.replace(/^\./, "").toLowerCase(),
      sameSite: input.cookie?.sameSite ?? "lax",
      partitioned: input.cookie?.partitioned ?? false,
    },
  };
}

/** Of every policy that says nothing of it: one value for all. */
const DEFAULT_STICKY = stickyOf({});

type Fold = (value: string) => string;
const asIs: Fold = (value) => value;

function compileCondition(input: ConditionInput, fold: Fold = asIs): Condition {
  if (input === true) return { is: "present" };
  if (input === false) return { is: "absent" };
  if (typeof input === "string") return { is: "any", values: new Set([fold(input)]) };
  if (Array.isArray(input)) return { is: "any", values: new Set(input.map(fold)) };
  if (input.prefix !== undefined) return { is: "prefix", value: fold(input.prefix) };
  if (input.suffix !== undefined) return { is: "suffix", value: fold(input.suffix) };
  return { is: "contains", value: fold(input.contains ?? "") };
}

function compilePattern(text: string): PathPattern {
  const under = text.endsWith("/*");
  const path = normalPath(new URL(`http://host${under ? text.slice(0, -2) : text}`).pathname);
  return { path: under ? path.replace(/\/$/, "") : path, under };
}

const pairs = (
  fields: Record<string, ConditionInput> = {},
  fold: Fold = asIs,
): [string, Condition][] =>
  Object.entries(fields).map(([name, condition]) => [fold(name), compileCondition(condition)]);

const lower: Fold = (value) => value.toLowerCase();
const upper: Fold = (value) => value.toUpperCase();

/** A rule's conditions, names and values in the case they are compared in. */
export function compileMatch(input: MatchInput): Match {
  const one = (condition: ConditionInput | undefined, fold: Fold) =>
    condition === undefined ? undefined : compileCondition(condition, fold);
  const path = input.path;
  return {
    host: one(input.host, lower),
    method: one(input.method, upper),
    path:
      path === undefined ? undefined : (Array.isArray(path) ? path : [path]).map(compilePattern),
    header: pairs(input.header, lower),
    query: pairs(input.query),
    cookie: pairs(input.cookie),
    country: one(input.country, upper),
    bot: input.bot,
  };
}

/** What the outcome of some rules depends on, for caches. */
export function cacheKeyOfMatch(match: Match): CacheKey {
  const vary = match.header.map(([name]) => name);
  if (match.cookie.length > 0) vary.push("cookie");
  if (match.bot !== undefined) vary.push("user-agent");
  // Country, and whether a crawler is verified, come from the edge: no field of the request tells a cache.
  return { vary, unshareable: match.country !== undefined || match.bot !== undefined };
}

/** What identity depends on, for caches. */
export function cacheKeyOfSticky(sticky: Sticky | false): CacheKey {
  if (sticky === false) return { vary: [], unshareable: true };
  const vary = sticky.by.flatMap((source) => {
    if (source.from === "header") return [source.name];
    return source.from === "cookie" ? ["cookie"] : [];
  });
  return { vary, unshareable: sticky.by.some((source) => source.from === "ip") };
}

/** Both dependencies at once. */
export function joinCacheKeys(keys: readonly CacheKey[]): CacheKey {
  // Nearly all leaves of a large path-map depend on nothing: they share one value.
  const [first = NOTHING, ...others] = keys.filter((key) => key.unshareable || key.vary.length > 0);
  if (others.length === 0) return first;
  return {
    vary: [...new Set([first, ...others].flatMap((key) => key.vary))],
    unshareable: [first, ...others].some((key) => key.unshareable),
  };
}

const NOTHING: CacheKey = { vary: [], unshareable: false };
