import { fromHex } from "../../lib/hex.ts";

const bytesOf = (text: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(new TextEncoder().encode(text));

async function hmacKey(secret: BufferSource): Promise<CryptoKey> {
  return crypto.subtle.importKey("raw", secret, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
}

/** A key made of the secret `SESSION_KEY` for one purpose, so that nothing that is signed for another passes for it. */
export async function signingKey(secret: string, purpose: string): Promise<CryptoKey> {
  const key = await hmacKey(fromHex(secret));
  return hmacKey(await crypto.subtle.sign("HMAC", key, bytesOf(purpose)));
}

/** The HMAC-SHA-256 of a text or of bytes. */
export async function macOf(
  key: CryptoKey,
  what: string | Uint8Array<ArrayBuffer>,
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = typeof what === "string" ? bytesOf(what) : what;
  return new Uint8Array(await crypto.subtle.sign("HMAC", key, bytes));
}
