import { MAX_CURSOR_CHARS, MAX_SEARCH_CHARS } from "../api/limits.ts";
import { ApiError } from "./api-error.ts";
import type { Call } from "./call.ts";

/** A text in the query by which routes are sought; empty where it is left out. */
export function textIn(call: Call, name: string): string {
  const text = call.url.searchParams.get(name) ?? "";
  if (text.length > MAX_SEARCH_CHARS)
    throw new ApiError("query-invalid", `"${name}" has ${MAX_SEARCH_CHARS} characters at most`);
  return text;
}

/** The cursor in the query, as it was given; null where it is left out. */
export function cursorIn({ searchParams }: URL): string | null {
  const cursor = searchParams.get("cursor");
  if (cursor === null || (cursor !== "" && cursor.length <= MAX_CURSOR_CHARS)) return cursor;
  throw new ApiError("query-invalid", `"cursor" has 1 to ${MAX_CURSOR_CHARS} characters`);
}
