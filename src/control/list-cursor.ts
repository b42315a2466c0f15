import type { AdminConfig } from "../config/admin.ts";
import { openCursor, sealCursor } from "./cursor.ts";

/** Where a list goes on, whoever tells of it. */
export interface ListPlace {
  /** All up to this key was told. */
  readonly after: string;
  /** KV's cursor to the page in which the next keys are; `undefined` for its first. */
  readonly kv: string | undefined;
}

/** A place as callers get it: sealed, for it may name a route that they may not know of. */
export const cursorOf = async (
  { after, kv = "" }: ListPlace,
  admin: AdminConfig,
): Promise<string> => sealCursor(`${after}\n${kv}`, admin);

/** The place that a cursor stands for; the beginning where there is none. */
export async function placeOf(cursor: string | null, admin: AdminConfig): Promise<ListPlace> {
  const [after = "", kv = ""] = (await openCursor(cursor, admin)).split("\n");
  return { after, kv: kv === "" ? undefined : kv };
}
