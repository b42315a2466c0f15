/** Policies that may stand inside one another, the leaf included: deeper trees are unreadable, and every level costs a step per request. */
export const MAX_DEPTH = 4;

/** Weights above this add no precision a team could observe, and keep sums far inside exact integers. */
export const MAX_WEIGHT = 1_000_000;

/** Variants in one split: each costs one hash per request. */
export const MAX_VARIANTS = 64;

/** Prefixes in one path-map. KV holds 25 MiB; beyond this a policy no longer compiles in a few tens of milliseconds. */
export const MAX_PREFIXES = 20_000;

/** Rules of one policy: they are tried in order, so their number is a cost per request. */
export const MAX_RULES = 1000;

/** Goals of one route: each is looked at on every request, and compared for every experiment. */
export const MAX_GOALS = 16;

/** What one visitor's values may add up to, at most: a double still holds the sum of ten million of them to two units. */
export const MAX_CAP = 1_000_000_000;

/** Checks of one guard: each is looked at whenever a report comes in. */
export const MAX_GUARD_CHECKS = 8;

/** A guard's window, at least and at most (s): shorter than two reports shows nothing, and what takes longer than a day is not an emergency. */
export const MIN_WINDOW_SECONDS = 10;
export const MAX_WINDOW_SECONDS = 86_400;

/** Different visitors that a guard may want to see a fault with: their addresses are kept in memory. */
export const MAX_GUARD_VISITORS = 1000;

/** What a quantile may lie above the control's (percent): a thousand times as slow is found by any limit. */
export const MAX_LATENCY_INCREASE = 100_000;

/** Receivers of one guard. */
export const MAX_RECEIVERS = 8;

/** Steps of one ramp. */
export const MAX_STEPS = 100;

/** Characters of a name (variant, rule, group), which travel in headers and cookies. */
export const MAX_NAME_CHARS = 64;

/** Characters of a salt: it is hashed on every request. */
export const MAX_SALT_CHARS = 256;

/** Characters of a header value that a policy sets; servers commonly refuse 8 KiB heads. */
export const MAX_HEADER_VALUE_CHARS = 4096;

/** Characters of one URL in a policy. */
export const MAX_URL_CHARS = 2048;

/** Characters of a host name, which DNS allows; a longer one can have no key. */
export const MAX_HOST_CHARS = 253;

/** Until the origin's response head, at most (ms): past this, Cloudflare's own edge gives up with a 524. */
export const MAX_TIMEOUT_MS = 100_000;

/** Until the origin's response head, where a policy says nothing (ms). */
export const DEFAULT_TIMEOUT_MS = 30_000;

/** Tries after the first one, at most. */
export const MAX_RETRIES = 10;

/** All tries, rescue and fallback together, at most (ms). */
export const MAX_TOTAL_TIMEOUT_MS = 300_000;

/** The first wait before a retry, at most (ms): no visitor waits longer for nothing to happen. */
export const MAX_BACKOFF_MS = 60_000;

/** A cookie's life, where a policy says nothing (s): 30 days. */
export const DEFAULT_TTL_SECONDS = 2_592_000;

/** Browsers cap a cookie's life at 400 days (RFC 6265bis §5.5), in seconds. */
export const MAX_TTL_SECONDS = 34_560_000;

/** One hold or drain may last a year at most (s): longer is a typing error. */
export const MAX_HOLD_SECONDS = 31_536_000;

/** JSON nesting beyond this is refused before the schema walks it, so that no text can exhaust the stack. */
export const MAX_JSON_DEPTH = 40;

export { MAX_ISSUES } from "../lib/issue.ts";

/** Characters of a regular expression. */
export const MAX_REGEX_CHARS = 256;

/** Steps of one regular expression at worst: some milliseconds of a request. */
export const MAX_REGEX_COST = 2 ** 22;

/** Steps of all regular expressions together that one request may meet in a policy. */
export const MAX_REGEX_COST_TOGETHER = 2 ** 24;

/** Regular expressions that one request may meet in a policy: each may take a tenth of a millisecond, however cheap it is by its price. */
export const MAX_REGEXES_TOGETHER = 1000;

/** Texts to be found (`contains`) that one request may meet in a policy: each is looked for all through a value of up to {@link MAX_COMPARED_CHARS}. */
export const MAX_TEXTS_TOGETHER = 250;

/** Longer values never fit a regular expression: what it costs is counted for values up to here. */
export const MAX_REGEX_VALUE_CHARS = 512;

/** Characters of the text of one policy: above this, reading it takes a noticeable part of a second. */
export const MAX_TEXT_CHARS = 4_194_304;

/** Policies inside one policy together, itself included: each becomes a node in memory. */
export const MAX_NODES = 24_000;

/** Variants of one policy, all policies inside it together. */
export const MAX_VARIANTS_TOGETHER = 50_000;

/** Rules of one policy, all policies inside it together. */
export const MAX_RULES_TOGETHER = 5_000;

/** Header changes of one policy, those of its variants and origins and of all policies inside it together. */
export const MAX_EDITS = 10_000;

/** Sources of identity in one `by`: each is looked for on every request. */
export const MAX_SOURCES = 16;

/** Names in one condition on headers, cookies or parameters: all of them are looked at. */
export const MAX_CONDITION_NAMES = 50;

/** Mirrors of one policy: each is a request more to pay for, and a platform has a limit of those. */
export const MAX_MIRRORS = 4;

/** Characters of a prefix: servers refuse longer paths, and it is part of the salt of everything below it. */
export const MAX_PREFIX_CHARS = 2048;

/** What one policy inside another takes in memory beside its text (bytes, measured in V8). */
export const NODE_BYTES = 1000;

/** What one variant takes in memory beside its text (bytes, measured in V8). */
export const VARIANT_BYTES = 400;

/** What a policy may take in memory beside its text (bytes): less than half of an isolate's 128 MB. */
export const MAX_COMPILED_BYTES = 50_000_000;

/** Longer values never fit a condition that compares them: all of the rules that one request meets may look at each. */
export const MAX_COMPARED_CHARS = 8192;

/** Characters of an answer that stands in a policy: it is read with every cold start, and a page belongs on an origin. */
export const MAX_BODY_CHARS = 4096;

/** Characters of a media type with its parameters. */
export const MAX_MEDIA_TYPE_CHARS = 256;

/** Origins, methods or header names in one list of `cors`: more make a header longer than servers like. */
export const MAX_CORS_ITEMS = 64;

/** How long a preflight may be kept, in seconds: the largest number that the Gateway API can say. Browsers keep it for hours at most. */
export const MAX_CORS_AGE_SECONDS = 2_147_483_647;

/** A copy at the edge serves for so long at most (s): a year, beyond which HTTP promises nothing. */
export const MAX_CACHE_SECONDS = 31_536_000;

/** Header names that copies at the edge are kept apart by: each multiplies the copies, and so divides the hits. */
export const MAX_CACHE_VARY = 16;
