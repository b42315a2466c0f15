/** Bytes of a policy: a row of a Durable Object's SQLite holds 2 MB, with room for all else in it. */
export const MAX_POLICY_BYTES = 1_048_576;

/** Bytes of a request's body: a policy, and what stands round it. */
export const MAX_BODY_BYTES = MAX_POLICY_BYTES + 16_384;

/** Characters of a note. */
export const MAX_NOTE_CHARS = 500;

/** Characters of an idempotency key. */
export const MAX_IDEMPOTENCY_KEY_CHARS = 255;

/** Repeatable requests remembered per route; the oldest go first. */
export const MAX_IDEMPOTENCY_KEYS = 1000;

/** Characters of a bearer token; ours are shorter, and each is hashed before it is known. */
export const MAX_TOKEN_CHARS = 512;

/** Routes on one page of the list: what one KV list gives. */
export const MAX_ROUTES_PER_PAGE = 1000;

/** KV lists asked for one page of a search: KV knows prefixes only, so a search reads what it passes over. */
export const MAX_LISTS_PER_PAGE = 5;

/** Versions or audit entries on one page. */
export const MAX_ENTRIES_PER_PAGE = 100;

/** Routes on one page of the status. */
export const MAX_STATUSES_PER_PAGE = 1000;

/** How far back metrics go (s): 90 days. */
export const MAX_METRICS_WINDOW_SECONDS = 7_776_000;

/** Minutes are kept for so long (s), a day; whole hours after it. */
export const MINUTES_KEPT_SECONDS = 86_400;

/** Points of one series: a day of minutes. */
export const MAX_METRICS_POINTS = 1440;

/** Where a request for metrics says nothing (s): an hour of minutes. */
export const DEFAULT_METRICS_WINDOW_SECONDS = 3600;
export const DEFAULT_METRICS_STEP_SECONDS = 60;

/** Goals in one request. */
export const MAX_POSTED_GOALS = 1000;

/** How long ago a posted goal may have been reached (s): 90 days, for as long as anything is kept. */
export const MAX_GOAL_AGE_SECONDS = 7_776_000;

/** How far ahead of ours the clock of whoever posts goals may be (s). */
export const MAX_GOAL_AHEAD_SECONDS = 60;

/** A QA link lasts no longer than this (s): seven days, for a link that leaks cannot be called back. */
export const MAX_LINK_SECONDS = 604_800;

/** Where a QA link's request says nothing (s). */
export const DEFAULT_LINK_SECONDS = 86_400;

/** Characters of a cursor: KV's have a few hundred. */
export const MAX_CURSOR_CHARS = 2048;

/** Characters of one value that a request sent, or that a policy holds, as an answer about it repeats them. */
export const MAX_ECHO_CHARS = 1000;

/** Characters of what an answer repeats in all, what stands round it aside: 64 KB with it. */
export const MAX_ANSWER_CHARS = 60_000;

/** Characters of a search text: a host name has no more. */
export const MAX_SEARCH_CHARS = 253;

/** A session of the console lasts no longer than this (s): eight hours, a working day. */
export const MAX_SESSION_SECONDS = 28_800;

/** A sign-in code is good for so long (s): ten minutes, from a terminal to a browser. */
export const SIGN_IN_CODE_SECONDS = 600;
