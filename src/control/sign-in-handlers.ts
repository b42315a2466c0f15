import { SIGN_IN_CODE_SECONDS } from "../api/limits.ts";
import { sha256Hex } from "./sha256.ts";
import { shardOf } from "../report/shard.ts";
import { ApiError } from "./api-error.ts";
import { iso, json, type Call } from "./call.ts";
import { newCode } from "./console/code.ts";
import { SIGN_IN_PATH } from "./console/files.ts";
import { demandSessionKey } from "./console/session-key.ts";
import { withShard } from "./hub.ts";

/** Who asks. */
export async function me({ caller }: Call): Promise<Response> {
  const { name, role, scope, proof } = caller;
  const expiresAt = proof.by === "session" ? { expiresAt: iso(proof.expiresAt) } : {};
  return json({ name, role, scope, by: proof.by, ...expiresAt });
}

/** A code for whoever has a token in hand. A session makes none: it could go on for ever by them. */
export async function makeSignInCode(call: Call): Promise<Response> {
  const { admin, caller, services, url } = call;
  const { proof } = caller;
  if (proof.by !== "token")
    throw new ApiError("forbidden", {
      what: "only a token makes sign-in codes",
      fix: "send it as a bearer token",
    });
  const secret = demandSessionKey(admin);
  if (services.env.ASSETS === undefined)
    throw new ApiError(
      "sessions-off",
      "this control plane has no console: its files are not bound",
    );
  const code = await newCode(secret);
  const until = services.now() + SIGN_IN_CODE_SECONDS * 1000;
  const digest = await sha256Hex(code);
  const kept = { digest, token: proof.sha256, until };
  await withShard(call, shardOf(digest), async (hub) => hub.keepSignIn(kept));
  // Behind the hash: no server and no log is ever told it.
  const link = `${url.origin}${SIGN_IN_PATH}#code=${code}`;
  return json({ code, url: link, expiresAt: iso(until) }, 201);
}
