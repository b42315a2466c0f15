import { MAX_IDEMPOTENCY_KEY_CHARS } from "../api/limits.ts";
import type { Expected } from "../ledger/edit-types.ts";
import { ApiError } from "./api-error.ts";

/** The entity tag of a version; 0 is a route that only KV knows. */
export const etag = (version: number): string => `"${version}"`;

/** The entity tag of a version while KV does not have it, or has something else: good for edits, and for no answer that stands for the one before. */
export const unsettled = (version: number): string => `"${version}.unsettled"`;

const TAGS = /^\s*(?:W\/)?"[\x21\x23-\x7E]*"\s*(?:,\s*(?:W\/)?"[\x21\x23-\x7E]*"\s*)*$/;

/** Reads `If-Match` and `If-None-Match` (RFC 9110 §13.1); weak tags never match. Refuses a write without either. */
export function precondition(headers: Headers): Expected {
  const match = headers.get("if-match");
  const none = headers.get("if-none-match");
  if (match === null && none === null) {
    throw new ApiError(
      "precondition-required",
      "send If-Match with the ETag you read, or If-None-Match: * for a new route",
    );
  }
  if (match !== null && none !== null)
    throw new ApiError("header-invalid", "send either If-Match or If-None-Match");
  if (none !== null) {
    if (none.trim() === "*") return { want: "none" };
    throw new ApiError("header-invalid", "If-None-Match can only be * here");
  }
  if (match?.trim() === "*") return { want: "any" };
  if (!TAGS.test(match ?? ""))
    throw new ApiError("header-invalid", "If-Match is not a list of ETags");
  const versions = [...(match ?? "").matchAll(/(W\/)?"(\d{1,15})(?:\.unsettled)?"/g)]
    .filter(([, weak]) => weak === undefined)
    .map(([, , version]) => Number(version));
  return { want: "some", versions };
}

/** The idempotency key of a request, or `undefined`. */
export function idempotencyKey(headers: Headers): string | undefined {
  const key = headers.get("idempotency-key");
  if (key === null) return undefined;
  if (key.length > MAX_IDEMPOTENCY_KEY_CHARS || !/^[\x20-\x7E]+$/.test(key)) {
    throw new ApiError(
      "header-invalid",
      `Idempotency-Key must be 1 to ${MAX_IDEMPOTENCY_KEY_CHARS} visible ASCII characters`,
    );
  }
  return key;
}
