import { withLedger, type Call } from "./call.ts";
import { ApiError } from "./api-error.ts";

/** Refuses a route that neither the ledger nor KV has: where the hub has nothing of it, nothing else tells a quiet route from none. */
export async function demandRoute(call: Call, key: string): Promise<void> {
  const { latest, drift } = await withLedger(call, key, async (ledger) => ledger.status(key));
  if (latest?.text != null || drift !== undefined) return;
  throw new ApiError("route-not-found", undefined, latest && { deletedBy: latest.version });
}
