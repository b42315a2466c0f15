import { MAX_SESSION_SECONDS } from "../../api/limits.ts";
import type { AdminConfig } from "../../config/admin.ts";
import { fromBase64Url, toBase64Url } from "../../lib/base64url.ts";
import { macOf, signingKey } from "./signing.ts";

/** The prefix holds it to this very host, all of its paths and HTTPS (RFC 6265bis §4.1.3.2): no sibling host can set one. */
const NAME = "__Host-switchyard";

const ATTRIBUTES = "Path=/; Secure; HttpOnly; SameSite=Strict";

/** What the key of sessions is made for. */
const PURPOSE = "switchyard console session 1";

const VALUE = /^(\d{1,12})\.([A-Za-z0-9_-]{43})$/;

type Token = AdminConfig["tokens"][number];

/** A session that a cookie proves. */
export interface Session {
  readonly token: Token;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

/** Signs an expiry for a token: what is signed has one form, a number and 64 digits, so no two read alike. */
async function signed(key: CryptoKey, expires: string, sha256: string) {
  return macOf(key, `${expires}\n${sha256}`);
}

/** The `Set-Cookie` that begins a session of a token. Nothing of the token stands in it. */
export async function sessionCookie(secret: string, sha256: string, now: number): Promise<string> {
  const expires = String(Math.floor(now / 1000) + MAX_SESSION_SECONDS);
  const mac = toBase64Url(await signed(await signingKey(secret, PURPOSE), expires, sha256));
  return `${NAME}=${expires}.${mac}; ${ATTRIBUTES}; Max-Age=${MAX_SESSION_SECONDS}`;
}

/** The `Set-Cookie` that ends a session in the browser that asks. */
export const NO_SESSION_COOKIE = `${NAME}=; ${ATTRIBUTES}; Max-Age=0`;

/** The value of the session's cookie; of several nobody can say which is ours, so none is. */
function valueIn(header: string): string | undefined {
  const found = header
    .split(";")
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${NAME}=`));
  return found.length === 1 ? found[0]?.slice(NAME.length + 1) : undefined;
}

/** The session of a request, held against each token there is, all of them, in constant time; `undefined` where there is none that counts. */
export async function sessionOf(
  request: Request,
  { sessionKey, tokens }: AdminConfig,
  now: number,
): Promise<Session | undefined> {
  const header = request.headers.get("cookie");
  if (header === null || sessionKey === undefined) return undefined;
  const [, expires = "", given = ""] = VALUE.exec(valueIn(header) ?? "") ?? [];
  const mac = fromBase64Url(given);
  const left = Number(expires) - now / 1000;
  if (mac === undefined || !(left > 0 && left <= MAX_SESSION_SECONDS)) return undefined;
  const key = await signingKey(sessionKey, PURPOSE);
  let found: Token | undefined;
  for (const token of tokens) {
    const isIt = crypto.subtle.timingSafeEqual(mac, await signed(key, expires, token.sha256));
    if (isIt && found === undefined) found = token;
  }
  return found && { token: found, expiresAt: Number(expires) * 1000 };
}
