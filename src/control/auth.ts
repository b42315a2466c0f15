import type { AdminConfig } from "../config/admin.ts";
import { ROLES, type Role } from "../lib/roles.ts";
import { covers, fits } from "../lib/scope.ts";
import { MAX_TOKEN_CHARS } from "../api/limits.ts";
import { fromHex } from "../lib/hex.ts";
import { sha256Hex } from "./sha256.ts";
import { sessionOf } from "./console/cookie.ts";

/** By what a caller is known. */
export type Proof =
  | { readonly by: "token"; readonly sha256: string }
  | { readonly by: "session"; readonly expiresAt: number }
  | { readonly by: "access" };

/** Who calls, and what they may do. */
export interface Caller {
  /** The author of what they change. */
  readonly name: string;
  readonly role: Role;
  readonly scope: readonly string[];
  readonly proof: Proof;
}

/** What the platform says of the caller, where Cloudflare Access stands in front: it has verified the signature. */
export interface AccessContext {
  /** The AUD tag of the application that the caller was let in by. */
  readonly aud: string;
  readonly getIdentity: () => Promise<{ readonly email?: string } | undefined>;
}

/** Whether a caller's role and scope allow something; `key` is absent where no route is concerned. */
export function mayDo(caller: Caller, role: Role, key: string | undefined): boolean {
  if (ROLES.indexOf(caller.role) < ROLES.indexOf(role)) return false;
  return key === undefined || caller.scope.some((pattern) => covers(pattern, key));
}

/** The bearer token of a request (RFC 6750 §2.1), or `undefined`. */
function bearer(request: Request): string | undefined {
  const token = /^bearer +([A-Za-z0-9\-._~+/]+=*)$/i.exec(
    request.headers.get("authorization") ?? "",
  )?.[1];
  return token === undefined || token.length > MAX_TOKEN_CHARS ? undefined : token;
}

/** A caller who is known by the digest of a token, which is held against every digest, all of them, in constant time. */
export function callerByToken(
  sha256: string,
  admin: AdminConfig,
): (Caller & { readonly proof: Proof & { readonly by: "token" } }) | undefined {
  const digest = fromHex(sha256);
  let found: AdminConfig["tokens"][number] | undefined;
  for (const entry of admin.tokens) {
    const isIt = crypto.subtle.timingSafeEqual(digest, fromHex(entry.sha256));
    if (isIt && found === undefined) found = entry;
  }
  if (found === undefined) return undefined;
  const { name, role, scope } = found;
  return { name, role, scope, proof: { by: "token", sha256 } };
}

/** Who issued the assertion of Cloudflare Access (RFC 7519 §4.1.1); its signature is the platform's to verify, and is verified where there is a context. */
function issuerOf(request: Request): string | undefined {
  const [, payload = ""] = (request.headers.get("cf-access-jwt-assertion") ?? "").split(".");
  try {
    const claims: unknown = JSON.parse(atob(payload.replaceAll("-", "+").replaceAll("_", "/")));
    if (typeof claims !== "object" || claims === null || !("iss" in claims)) return undefined;
    return typeof claims.iss === "string" ? claims.iss : undefined;
  } catch {
    return undefined;
  }
}

async function byAccess(
  request: Request,
  access: AccessContext,
  admin: AdminConfig,
): Promise<Caller | undefined> {
  const issuer = issuerOf(request);
  const ours = admin.access.filter(
    ({ aud, team }) => aud === access.aud && issuer === `https://${team}.cloudflareaccess.com`,
  );
  if (ours.length === 0) return undefined;
  const email = (await access.getIdentity())?.email?.toLowerCase();
  if (email === undefined) return undefined;
  const entry = ours.find((one) => fits(one.email.toLowerCase(), email));
  return entry && { name: email, role: entry.role, scope: entry.scope, proof: { by: "access" } };
}

async function bySession(
  request: Request,
  admin: AdminConfig,
  now: number,
): Promise<Caller | undefined> {
  const session = await sessionOf(request, admin, now);
  if (session === undefined) return undefined;
  const { token, expiresAt } = session;
  const { name, role, scope } = token;
  return { name, role, scope, proof: { by: "session", expiresAt } };
}

/** Who sent a request; `undefined` where nothing proves it. A token goes before a session, and that before Cloudflare Access. */
export async function authenticate(
  request: Request,
  access: AccessContext | undefined,
  admin: AdminConfig,
  now: number,
): Promise<Caller | undefined> {
  if (request.headers.has("authorization")) {
    const token = bearer(request);
    return token === undefined ? undefined : callerByToken(await sha256Hex(token), admin);
  }
  const known = await bySession(request, admin, now);
  if (known !== undefined || access === undefined) return known;
  return byAccess(request, access, admin);
}
