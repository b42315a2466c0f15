import { isRouteKey } from "../policy/keys.ts";
import { mayDo } from "./auth.ts";
import { DeleteSchema, PatchSchema, PutSchema } from "../api/routes.ts";
import { withLedger, withKv, bodyOf, iso, json, keyOf, wholeIn, type Call } from "./call.ts";
import { cursorIn, textIn } from "./query.ts";
import { edit } from "./edit.ts";
import type { Status } from "../ledger/types.ts";
import { MAX_LISTS_PER_PAGE, MAX_ROUTES_PER_PAGE } from "../api/limits.ts";
import { etag } from "./precondition.ts";
import { ApiError } from "./api-error.ts";

function versionIn(metadata: unknown): number | null {
  return typeof metadata === "object" &&
    metadata !== null &&
    "version" in metadata &&
    typeof metadata.version === "number"
    ? metadata.version
    : null;
}

/** What KV lists. A cursor that KV does not take is the caller's fault, where KV lists without it. */
async function listed(kv: KVNamespace, options: KVNamespaceListOptions) {
  try {
    return await kv.list(options);
  } catch (error) {
    if (options.cursor == null) throw error;
    await kv.list({ limit: 1 });
    throw new ApiError("query-invalid", '"cursor" is not one that this list gave');
  }
}

/**
 * The routes that KV has, as the data plane sees them, those written by hand included. KV lists by
 * prefix, a thousand keys at a time: a prefix costs what it finds, a search what it passes over,
 * so one page may be short, or empty, and still have a next one.
 */
export async function listRoutes(call: Call): Promise<Response> {
  const { caller, url } = call;
  const limit = wholeIn(call, "limit", 1, MAX_ROUTES_PER_PAGE, 100);
  const prefix = textIn(call, "prefix");
  const search = textIn(call, "q").toLowerCase();
  const routes: { key: string; version: number | null }[] = [];
  let cursor = cursorIn(url);
  for (let lists = 0; lists < MAX_LISTS_PER_PAGE; lists += 1) {
    const room = limit - routes.length;
    const options = { prefix, cursor, limit: room };
    const page = await withKv(call, async (kv) => listed(kv, options));
    for (const { name, metadata } of page.keys) {
      if (!isRouteKey(name) || !name.toLowerCase().includes(search)) continue;
      if (mayDo(caller, "read", name)) routes.push({ key: name, version: versionIn(metadata) });
    }
    cursor = page.list_complete ? null : page.cursor;
    if (cursor === null || routes.length >= limit) break;
  }
  return json({ routes, cursor });
}

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
  if (call.request.headers.get("if-none-match") === etag(version) && drift === null)
    return new Response(null, { status: 304, headers: { etag: etag(version) } });
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
  return json(body, 200, { etag: etag(version) });
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
