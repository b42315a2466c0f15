/** Words for reading what came over the wire: every one says whether a value is what it ought to be. */

export type Fields = Readonly<Record<string, unknown>>;

export const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Characters of a key: a host name has no more. And of a digest. */
const MAX_NAME_CHARS = 253;

export const isText = (value: unknown, most: number): value is string =>
  typeof value === "string" && value.length > 0 && value.length <= most;

export const isName = (value: unknown): value is string => isText(value, MAX_NAME_CHARS);

export const isCount = (value: unknown): value is number =>
  typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
