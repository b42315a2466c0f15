import { ApiError } from "./api-error.ts";

/** Where a list goes on, whoever tells of it. */
export interface ListPlace {
  /** All up to this key was told. */
  readonly after: string;
  /** KV's cursor to the page in which the next keys are; `undefined` for its first. */
  readonly kv: string | undefined;
}

/** A cursor that the list did not give. */
export const notOurCursor = () =>
  new ApiError("query-invalid", '"cursor" is not one that this list gave');

/** A place as callers get it; what is in it is nobody's business but ours. */
export const cursorOf = ({ after, kv = "" }: ListPlace): string =>
  `${encodeURIComponent(after)},${kv}`;

/** The place that a cursor stands for; the beginning where there is none. */
export function placeOf(cursor: string | null): ListPlace {
  const comma = cursor === null ? 0 : cursor.indexOf(",");
  if (cursor === null) return { after: "", kv: undefined };
  if (comma === -1) throw notOurCursor();
  try {
    const after = decodeURIComponent(cursor.slice(0, comma));
    return { after, kv: cursor.slice(comma + 1) || undefined };
  } catch {
    throw notOurCursor();
  }
}
