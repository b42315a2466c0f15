import { ApiError } from "./api-error.ts";

/** A place in a list, for whoever is to go on from it. */
export function encodeCursor(key: string): string {
  return btoa(key).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** The place that a cursor stands for; the beginning without one. Refuses what {@link encodeCursor} does not give. */
export function decodeCursor(cursor: string | null): string {
  if (cursor === null) return "";
  try {
    const key = atob(cursor.replaceAll("-", "+").replaceAll("_", "/"));
    if (encodeCursor(key) === cursor) return key;
  } catch {
    // Told below.
  }
  throw new ApiError("query-invalid", '"cursor" is not one that this list gave');
}
