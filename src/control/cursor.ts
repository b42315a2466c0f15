import type { AdminConfig } from "../config/admin.ts";
import { fromBase64Url, toBase64Url } from "../lib/base64url.ts";
import { ApiError } from "./api-error.ts";

/** Bytes of AES-GCM's nonce (NIST SP 800-38D §8.2: 96 bits), in front of what it sealed. */
const NONCE_BYTES = 12;

/** A cursor that the list did not give. */
export const notOurCursor = () =>
  new ApiError("query-invalid", '"cursor" is not one that this list gave');

/** A key that those who may call cannot know: it is made of what proves who they are, the digests of their tokens among it. */
async function keyFrom(admin: AdminConfig): Promise<CryptoKey> {
  const secret = new TextEncoder().encode(`cursor\n${JSON.stringify(admin)}`);
  const digest = await crypto.subtle.digest("SHA-256", secret);
  return crypto.subtle.importKey("raw", digest, "AES-GCM", false, ["encrypt", "decrypt"]);
}

/**
 * A place in a list, for whoever is to go on from it. It is sealed, since the place may be a route
 * that the caller may not know of; after a change of tokens it is worth nothing.
 */
export async function sealCursor(place: string, admin: AdminConfig): Promise<string> {
  const iv = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
  const text = new TextEncoder().encode(place);
  const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, await keyFrom(admin), text);
  return toBase64Url(new Uint8Array([...iv, ...new Uint8Array(sealed)]));
}

/** The place that a cursor stands for; the beginning without one. Refuses what {@link sealCursor} did not give. */
export async function openCursor(cursor: string | null, admin: AdminConfig): Promise<string> {
  if (cursor === null) return "";
  const bytes = fromBase64Url(cursor) ?? new Uint8Array();
  try {
    const iv = bytes.subarray(0, NONCE_BYTES);
    const sealed = bytes.subarray(NONCE_BYTES);
    const key = await keyFrom(admin);
    return new TextDecoder().decode(
      await crypto.subtle.decrypt({ name: "AES-GCM", iv }, key, sealed),
    );
  } catch {
    throw notOurCursor();
  }
}
