import { withoutBlanks } from "../../lib/blanks.ts";
import { serializeCookie } from "cookie-es";

import { cookiesIn } from "../../lib/named-values.ts";
import { OVERRIDE_COOKIE } from "../../override/token.ts";
import type { SipKey } from "../../lib/siphash.ts";
import { idCheck } from "../../lib/visitor-digest.ts";
import type { Decision } from "../../decide/outcome.ts";
import { encodeVisitor, type Visitor } from "../../decide/visitor.ts";
import type { CookieSettings } from "../../policy/compiled.ts";

/** All values of the cookies with this name, in order; malformed pairs, and all others, are passed over. */
export function readCookie(header: string, name: string): readonly string[] {
  return header.includes(name) ? cookiesIn(header)(name) : [];
}

/** A visitor cookie under any name: another route of this host may call its own differently. */
const VISITOR_VALUE =
  /=\s*1\.[A-Za-z0-9_-]{22}(?:[A-Za-z0-9_-]{5})?\.[0-9a-z]{1,9}\.[0-9a-z]{1,9}(?:[.;\s]|$)/;

/** Whether a pair `name=value` is a cookie of ours: by one of these names, or another route's by its value. */
export function isOwnCookie(pair: string, names: readonly string[]): boolean {
  const equals = pair.indexOf("=");
  const name = withoutBlanks(equals === -1 ? pair : pair.slice(0, equals));
  return names.includes(name) || (equals !== -1 && VISITOR_VALUE.test(pair));
}

/**
 * The field without our cookies: those with the given names, and those of other routes, which are
 * known by their value. Every other pair byte for byte; `undefined` where none is left.
 */
export function withoutCookies(header: string, names: readonly string[]): string | undefined {
  if (!VISITOR_VALUE.test(header) && !names.some((name) => header.includes(name))) return header;
  const kept = header.split(";").filter((pair) => pair === "" || !isOwnCookie(pair, names));
  const rest = withoutBlanks(kept.join(";"));
  return rest === "" ? undefined : rest;
}

/**
 * What the visitor's cookie must say from now on, with its check behind an id that is new. To one that
 * came from outside nothing is ever added: whoever invents ids would have good ones.
 */
export function remembered(
  { remember, who }: Pick<Decision, "remember" | "who">,
  key: SipKey | undefined,
): Visitor | undefined {
  return remember === undefined || who?.isNew !== true || key === undefined
    ? remember
    : { ...remember, check: idCheck(key, remember.id) };
}

interface Scope {
  /** The tenant's prefix, or `/`. */
  readonly path: string;
  /** Whether the client speaks https to the gateway. */
  readonly secure: boolean;
}

/** The `Set-Cookie` that keeps a visitor known. */
export function visitorCookie(
  visitor: Visitor,
  settings: CookieSettings,
  { path, secure }: Scope,
): string {
  return serializeCookie(settings.name, encodeVisitor(visitor), {
    httpOnly: true,
    secure,
    path,
    maxAge: settings.ttlSeconds,
    // Browsers refuse SameSite=None and Partitioned without Secure.
    ...(settings.sameSite === "none" && !secure ? {} : { sameSite: settings.sameSite }),
    ...(settings.domain === undefined ? {} : { domain: settings.domain }),
    ...(settings.partitioned && secure ? { partitioned: true } : {}),
  });
}

/** The `Set-Cookie` that keeps a tester's whole session on a variant, as long as the link lasts. */
export function overrideCookie(
  token: string,
  maxAgeSeconds: number,
  { path, secure }: Scope,
): string {
  return serializeCookie(OVERRIDE_COOKIE, token, {
    httpOnly: true,
    secure,
    path,
    maxAge: maxAgeSeconds,
    sameSite: "lax",
  });
}
