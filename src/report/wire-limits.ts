/** Characters of an experiment's name, or an allocation's label: what a policy may write. */
export const MAX_EXPERIMENT_CHARS = 256;

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
