import { toHex } from "../lib/hex.ts";

/** The SHA-256 of a text, 64 hexadecimal digits in lower case. */
export async function sha256Hex(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return toHex(new Uint8Array(digest));
}
