import { cookiesOfDescription, type RequestDescription } from "../decide/request-description.ts";
import type { Override } from "../policy/facts.ts";
import { TOKEN_PARAMETER, TOKEN_PREFIX, tokenKey, verifyToken } from "../override/token.ts";

/** The cookie that keeps a tester on the variant of a QA link; a test holds it to the gateway's own. */
export const OVERRIDE_COOKIE = "sy-override";

/** The QA link or its cookie in a described request, judged as the gateway judges it: by link first. */
export async function overrideOfDescription(
  described: RequestDescription,
  route: string,
  now: number,
  secret: string | undefined,
): Promise<Override | undefined> {
  const start = `${TOKEN_PARAMETER}=${TOKEN_PREFIX}`;
  const parts = new URL(described.url).search.slice(1).split("&");
  const token =
    parts.find((part) => part.startsWith(start))?.slice(TOKEN_PARAMETER.length + 1) ??
    cookiesOfDescription(described)(OVERRIDE_COOKIE)[0];
  if (token === undefined) return undefined;
  if (secret === undefined) return { ok: false, fault: "no-secret" };
  const claim = await verifyToken(token, await tokenKey(secret));
  if (claim === undefined) return { ok: false, fault: "forged" };
  if (claim.expiresAt <= now) return { ok: false, fault: "expired" };
  if (claim.route !== route) return { ok: false, fault: "other-route" };
  return { ok: true, variant: claim.variant };
}
