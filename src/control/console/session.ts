import * as v from "valibot";

import { MAX_TOKEN_CHARS } from "../../api/limits.ts";
import type { AdminConfig } from "../../config/admin.ts";
import { sha256Hex } from "../sha256.ts";
import { expected, strictObject } from "../../lib/strict-object.ts";
import { shardOf } from "../../report/shard.ts";
import { ApiError, COMMON_HEADERS } from "../api-error.ts";
import { authenticate, callerByToken, type AccessContext } from "../auth.ts";
import { demand, parseBody, readText } from "../body.ts";
import { json, type Services } from "../call.ts";
import { isOwnPage, notShownAsOurs } from "../cross-site.ts";
import { withShard } from "../hub.ts";
import { refuseUnknown } from "../refusal.ts";
import { isOwnCode } from "./code.ts";
import { NO_SESSION_COOKIE, sessionCookie } from "./cookie.ts";
import { demandSessionKey } from "./session-key.ts";

/** Where sessions begin and end. */
export const SESSION_PATH = "/session";

/** Bytes of a body that proves somebody: the longest token fits however it is escaped, and nobody unknown fills the memory. */
const MAX_PROOF_BYTES = 4096;

const proof = (what: string) =>
  v.pipe(
    v.string(expected("be text", `write the ${what} as it was given`)),
    v.maxLength(
      MAX_TOKEN_CHARS,
      expected(`have at most ${MAX_TOKEN_CHARS} characters`, "shorten it"),
    ),
  );

const TokenSchema = strictObject({ token: proof("token") }, "request");
const CodeSchema = strictObject({ code: proof("code") }, "request");

/** The digest of the token that a request proves: by itself, or by a code that was made with it and is used up now. */
async function provenDigest(
  body: unknown,
  secret: string,
  services: Services,
): Promise<string | undefined> {
  const isCode = typeof body === "object" && body !== null && "code" in body;
  if (!isCode) return sha256Hex(demand(TokenSchema, body).token);
  const { code } = demand(CodeSchema, body);
  if (!(await isOwnCode(secret, code))) return undefined;
  const digest = await sha256Hex(code);
  return withShard({ services }, shardOf(digest), async (hub) => hub.takeSignIn(digest));
}

async function begin(request: Request, admin: AdminConfig, services: Services): Promise<Response> {
  const secret = demandSessionKey(admin);
  const digest = await provenDigest(
    parseBody(await readText(request, MAX_PROOF_BYTES)),
    secret,
    services,
  );
  const caller = digest === undefined ? undefined : callerByToken(digest, admin);
  if (caller === undefined) throw await refuseUnknown(request, services);
  const cookie = await sessionCookie(secret, caller.proof.sha256, services.now());
  return new Response(null, { status: 204, headers: { ...COMMON_HEADERS, "set-cookie": cookie } });
}

/** Begins a session by a token or a one-time code, ends one, or says whether there is one, and whether there can be any. Only a page of this Worker may do the first two. */
export async function session(
  request: Request,
  access: AccessContext | undefined,
  admin: AdminConfig,
  services: Services,
): Promise<Response> {
  const { method } = request;
  if (method === "GET") {
    // Of a bearer token nothing is told here, where nobody counts who guesses.
    const isSignedIn =
      !request.headers.has("authorization") &&
      (await authenticate(request, access, admin, services.now())) !== undefined;
    return json({ byToken: admin.sessionKey !== undefined, signedIn: isSignedIn });
  }
  if (method !== "POST" && method !== "DELETE")
    throw new ApiError("method-not-allowed", undefined, { allow: "GET, POST, DELETE" });
  if (!isOwnPage(request)) throw notShownAsOurs(request);
  if (method === "POST") return begin(request, admin, services);
  return new Response(null, {
    status: 204,
    headers: { ...COMMON_HEADERS, "set-cookie": NO_SESSION_COOKIE },
  });
}
