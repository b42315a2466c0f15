import { withoutBlanks } from "../../lib/blanks.ts";
import { cookiesIn } from "../../lib/named-values.ts";
import { OVERRIDE_COOKIE } from "../../override/token.ts";
import { encodeVisitor, type Visitor } from "../../decide/visitor.ts";
import type { CookieSettings } from "../../policy/compiled.ts";

/** All values of the cookies with this name, in order; malformed pairs, and all others, are passed over. */
export function readCookie(header: string, name: string): readonly string[] {
  return header.includes(name) ? cookiesIn(header)(name) : [];
}

/** A visitor cookie under any name: another route of this host may call its own differently. */
const VISITOR_VALUE = /=\s*1\.[A-Za-z0-9_-]{22}\.[0-9a-z]{1,9}\.[0-9a-z]{1,9}(?:[.;\s]|$)/;

/**
 * The field without our cookies: those with the given names, and those of other routes, which are
 * known by their value. Every other pair byte for byte; `undefined` where none is left.
 */
export function withoutCookies(header: string, names: readonly string[]): string | undefined {
  if (!VISITOR_VALUE.test(header) && !names.some((name) => header.includes(name))) return header;
  const kept = header.split(";").filter((pair) => {
    if (pair === "") return true;
    const equals = pair.indexOf("=");
    const name = withoutBlanks(equals === -1 ? pair : pair.slice(0, equals));
    return !names.includes(name) && (equals === -1 || !VISITOR_VALUE.test(pair));
  });
  const rest = withoutBlanks(kept.join(";"));
  return rest === "" ? undefined : rest;
}

interface Scope {
  /** The tenant's prefix, or `/`. */
  readonly path: string;
  /** Whether the client speaks https to the gateway. */
  readonly secure: boolean;
}

interface Kept extends Scope {
  readonly maxAgeSeconds: number;
  readonly domain?: string | undefined;
  readonly sameSite: CookieSettings["sameSite"] | undefined;
  readonly isPartitioned?: boolean;
}

const SAME_SITE = { lax: "Lax", strict: "Strict", none: "None" } as const;

/**
 * A `Set-Cookie` of ours (RFC 6265bis §4.1.1). Its parts need no check: schemas let only tokens and
 * host names through, and a tenant's path is made of its key.
 */
function setCookie(name: string, value: string, kept: Kept): string {
  const { maxAgeSeconds, domain, path, secure, isPartitioned = false, sameSite } = kept;
  return [
    `${name}=${encodeURIComponent(value)}; Max-Age=${maxAgeSeconds}`,
    ...(domain === undefined ? [] : [`Domain=${domain}`]),
    `Path=${path}; HttpOnly`,
    ...(secure ? ["Secure"] : []),
    ...(isPartitioned ? ["Partitioned"] : []),
    ...(sameSite === undefined ? [] : [`SameSite=${SAME_SITE[sameSite]}`]),
  ].join("; ");
}

/** The `Set-Cookie` that keeps a visitor known. */
export function visitorCookie(
  visitor: Visitor,
  { name, ttlSeconds, domain, sameSite, partitioned }: CookieSettings,
  scope: Scope,
): string {
  return setCookie(name, encodeVisitor(visitor), {
    ...scope,
    maxAgeSeconds: ttlSeconds,
    domain,
    // Browsers refuse SameSite=None and Partitioned without Secure.
    sameSite: sameSite === "none" && !scope.secure ? undefined : sameSite,
    isPartitioned: partitioned && scope.secure,
  });
}

/** The `Set-Cookie` that keeps a tester's whole session on a variant, as long as the link lasts. */
export function overrideCookie(token: string, maxAgeSeconds: number, scope: Scope): string {
  return setCookie(OVERRIDE_COOKIE, token, { ...scope, maxAgeSeconds, sameSite: "lax" });
}
