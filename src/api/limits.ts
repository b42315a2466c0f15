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
