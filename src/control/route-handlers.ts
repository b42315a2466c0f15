import { DeleteSchema, PatchSchema, PutSchema } from "../api/routes.ts";
import { withLedger, bodyOf, iso, json, keyOf, type Call } from "./call.ts";
import { edit } from "./edit.ts";
import type { Status } from "../ledger/types.ts";
import { etag, unsettled } from "./precondition.ts";
import { ApiError } from "./api-error.ts";

function driftOf({ drift }: Status): unknown {
  return drift === undefined
    ? null
    : { text: drift.text ?? null, tooLong: drift.text === undefined };
}

/** One route: its newest version, and whether KV has it. */
export async function readRoute(call: Call): Promise<Response> {
  const key = keyOf(call.params);
  const status = await withLedger(call, key, async (ledger) => ledger.status(key));
  const { latest, published, attempts, retryAt } = status;
  const drift = driftOf(status);
  const isThere = latest !== undefined && latest.text !== null;
  if (!isThere && drift === null)
    throw new ApiError("route-not-found", undefined, latest && { deletedBy: latest.version });
  const version = latest?.version ?? 0;
  // Until KV has it, and while something else is there, more may change than the version: the tag then says so.
  const isSettled = published === version && drift === null;
  const tag = isSettled ? etag(version) : unsettled(version);
  if (isSettled && call.request.headers.get("if-none-match") === tag)
    return new Response(null, { status: 304, headers: { etag: tag } });
  const body = {
    key,
    version,
    published,
    policy: latest?.text == null ? null : (JSON.parse(latest.text) as unknown),
    author: latest?.author ?? null,
    at: latest === undefined ? null : iso(latest.at),
    note: latest?.note ?? "",
    action: latest?.action ?? null,
    publishing: { attempts, retryAt: retryAt === undefined ? null : iso(retryAt) },
    drift,
  };
  return json(body, 200, { etag: tag });
}

export async function putRoute(call: Call): Promise<Response> {
  const { policy, apply = false, ...said } = bodyOf(call, PutSchema);
  return edit(call, { ...said, change: { kind: "put", policy, apply } });
}

/** JSON Merge Patch (RFC 7396) of the route: what stands under `policy` is merged into its policy. */
export async function patchRoute(call: Call): Promise<Response> {
  const { policy: patch, ...said } = bodyOf(call, PatchSchema);
  const detail = JSON.stringify(patch);
  return edit(call, { ...said, detail, change: { kind: "patch", patch } });
}

export async function deleteRoute(call: Call): Promise<Response> {
  return edit(call, { ...bodyOf(call, DeleteSchema), change: { kind: "delete" } });
}
