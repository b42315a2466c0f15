import type {
  CacheKey,
  HeaderEdit,
  HeaderEdits,
  Origin,
  Source,
  Sticky,
  Variant,
} from "./compiled.ts";
import { DEFAULT_TTL_SECONDS } from "./limits.ts";
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

/** What identity depends on, for caches. */
export function cacheKeyOfSticky(sticky: Sticky | false): CacheKey {
  if (sticky === false) return { vary: [], unshareable: true };
  const vary = sticky.by.flatMap((source) => {
    if (source.from === "header") return [source.name];
    return source.from === "cookie" ? ["cookie"] : [];
  });
  return { vary, unshareable: sticky.by.some((source) => source.from === "ip") };
}
