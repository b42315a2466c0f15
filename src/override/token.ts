/**
 * QA links: `sy1.<payload>.<signature>`, both base64url. The payload is JSON; the signature is
 * HMAC-SHA256 (RFC 2104) over everything before it. WebCrypto only, so that the Worker, the API
 * and the command line make and read the same token.
 */
import * as v from "valibot";

import { fromBase64Url, toBase64Url } from "../lib/base64url.ts";
import { readJson } from "../lib/json.ts";

/** What a token says: this variant of this route, until then. */
export interface Claim {
  /** The route's KV key. */
  readonly route: string;
  readonly variant: string;
  /** From this time on the token is worth nothing (ms). */
  readonly expiresAt: number;
  /** The environment it is for; {@link DEFAULT_ENVIRONMENT} where it is left out. */
  readonly environment?: string;
}

/** What a gateway is called that is not told its name. */
export const DEFAULT_ENVIRONMENT = "production";

/** The cookie that keeps a tester on the variant of a QA link. */
export const OVERRIDE_COOKIE = "sy-override";

/** The query parameter that carries a token. */
export const TOKEN_PARAMETER = "sy";

/** Begins every token, and nothing else; a later form gets another. */
export const TOKEN_PREFIX = "sy1.";

/** A longer text is not a token of ours: a route key has 512 bytes at most, a name 64 characters. */
export const MAX_TOKEN_CHARS = 1600;

const ClaimSchema = v.object({
  route: v.string(),
  variant: v.string(),
  expiresAt: v.number(),
  environment: v.exactOptional(v.string()),
});
const ALGORITHM = { name: "HMAC", hash: "SHA-256" } as const;

/** The signing key of a secret. */
export async function tokenKey(secret: string): Promise<CryptoKey> {
  return crypto.subtle.importKey("raw", new TextEncoder().encode(secret), ALGORITHM, false, [
    "sign",
    "verify",
  ]);
}

/** Makes the token for a claim. */
export async function signToken(claim: Claim, key: CryptoKey): Promise<string> {
  const payload = toBase64Url(new TextEncoder().encode(JSON.stringify(claim)));
  const signed = TOKEN_PREFIX + payload;
  const signature = await crypto.subtle.sign(ALGORITHM, key, new TextEncoder().encode(signed));
  return `${signed}.${toBase64Url(new Uint8Array(signature))}`;
}

/** The claim of a token whose signature holds, expired or not; `undefined` for any other text. The comparison is WebCrypto's, in constant time. */
export async function verifyToken(token: string, key: CryptoKey): Promise<Claim | undefined> {
  if (token.length > MAX_TOKEN_CHARS || !token.startsWith(TOKEN_PREFIX)) return undefined;
  const [payload = "", signature = "", ...rest] = token.slice(TOKEN_PREFIX.length).split(".");
  const bytes = fromBase64Url(signature);
  const json = fromBase64Url(payload);
  if (rest.length > 0 || bytes === undefined || json === undefined) return undefined;
  const holds = await crypto.subtle.verify(
    ALGORITHM,
    key,
    bytes,
    new TextEncoder().encode(TOKEN_PREFIX + payload),
  );
  if (!holds) return undefined;
  const claim = v.safeParse(ClaimSchema, readJson(new TextDecoder().decode(json)));
  return claim.success ? claim.output : undefined;
}
