import { isRouteKey } from "../policy/keys.ts";
import { notOurCursor } from "./cursor.ts";
import type { Piece } from "./piece.ts";

/** What KV lists of a key. */
export interface OfKv {
  readonly key: string;
  /** The ledger's number of the value; `null` for one put by hand. */
  readonly version: number | null;
}

/** A page of KV's list, and the cursors to it and to the next one. */
export interface KvPiece extends Piece<OfKv> {
  readonly from: string | undefined;
  readonly next: string | undefined;
}

function versionIn(metadata: unknown): number | null {
  return typeof metadata === "object" &&
    metadata !== null &&
    "version" in metadata &&
    typeof metadata.version === "number"
    ? metadata.version
    : null;
}

/** A cursor that KV does not take is the caller's fault, where KV lists without it. */
async function listed(kv: KVNamespace, options: KVNamespaceListOptions) {
  try {
    return await kv.list(options);
  } catch (error) {
    if (options.cursor == null) throw error;
    await kv.list({ limit: 1 });
    throw notOurCursor();
  }
}

/** One list of KV: the routes among so many keys. What is not a route's key is passed over. */
export async function kvPiece(
  kv: KVNamespace,
  { prefix, search, limit }: { prefix: string; search: string; limit: number },
  from: string | undefined,
  after: string,
): Promise<KvPiece> {
  const page = await listed(kv, { prefix, limit, cursor: from ?? null });
  const entries = page.keys
    .filter(({ name }) => isRouteKey(name) && name.toLowerCase().includes(search))
    .map(({ name, metadata }) => ({ key: name, version: versionIn(metadata) }));
  return page.list_complete
    ? { entries, upTo: undefined, from, next: undefined }
    : { entries, upTo: page.keys.at(-1)?.name ?? after, from, next: page.cursor };
}
