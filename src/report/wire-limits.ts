/**
 * Characters of an experiment's name, or an allocation's label. A policy may write 256, but an effective
 * salt that nobody wrote is a key with all prefixes on the way, and a label names 64 shares. What is
 * called by more is not counted apart.
 */
export const MAX_EXPERIMENT_CHARS = 1024;

/** Characters of the name of a variant, a goal or a reason. */
export const MAX_SHORT_NAME_CHARS = 64;

/** Requests of one kind that one report may tell of: far above what an isolate serves, and sums of it stay exact. */
export const MAX_COUNT = 100_000_000;

/** Variants of one split. */
export const MAX_SPLIT_VARIANTS = 64;

const DIGEST = /^[\da-f]{16}$/;

/** Whether a text is what `visitorDigest` makes. */
export const isDigest = (value: unknown): value is string =>
  typeof value === "string" && DIGEST.test(value);
