import { plan } from "../preview/plan.ts";
import { RollbackSchema } from "../api/versions.ts";
import { withLedger, bodyOf, iso, json, keyOf, policyOf, wholeIn, type Call } from "./call.ts";
import { edit } from "./edit.ts";
import type { Version } from "../ledger/types.ts";
import { MAX_ENTRIES_PER_PAGE } from "../api/limits.ts";
import { boundedPlan } from "./bounded.ts";
import { etag } from "./precondition.ts";
import { ApiError } from "./api-error.ts";

const NEWEST = Number.MAX_SAFE_INTEGER;

const view = ({ version, text, author, at, note, action }: Version) => ({
  version,
  deleted: text === null,
  author,
  at: iso(at),
  note,
  action,
});

/** A version by its number; refuses one that never was. */
export async function versionOf(call: Call, key: string, number: number): Promise<Version> {
  const version = await withLedger(call, key, async (ledger) => ledger.version(number));
  if (version === undefined) throw new ApiError("version-not-found");
  return version;
}

function pageOf(call: Call): { readonly before: number; readonly limit: number } {
  return {
    before: wholeIn(call, "cursor", 1, NEWEST, NEWEST),
    limit: wholeIn(call, "limit", 1, MAX_ENTRIES_PER_PAGE, 20),
  };
}

const cursorOf = (next: number | undefined): string | null =>
  next === undefined ? null : String(next);

export async function listVersions(call: Call): Promise<Response> {
  const { before, limit } = pageOf(call);
  const page = await withLedger(call, keyOf(call.params), async (ledger) =>
    ledger.versions(before, limit),
  );
  if (page.items.length === 0 && before === NEWEST) throw new ApiError("route-not-found");
  return json({ versions: page.items.map(view), cursor: cursorOf(page.next) });
}

export async function readVersion(call: Call): Promise<Response> {
  const text = call.params["version"] ?? "";
  if (!/^[1-9]\d{0,14}$/.test(text)) throw new ApiError("version-not-found");
  const version = await versionOf(call, keyOf(call.params), Number(text));
  const policy = version.text === null ? null : (JSON.parse(version.text) as unknown);
  return json({ ...view(version), policy }, 200, { etag: etag(version.version) });
}

/** What changed between two versions, and which visitors moved for it. */
export async function diffVersions(call: Call): Promise<Response> {
  const key = keyOf(call.params);
  const wanted = { from: wholeIn(call, "from", 0, NEWEST), to: wholeIn(call, "to", 1, NEWEST) };
  const pair = await withLedger(call, key, async (ledger) => ledger.pair(wanted));
  if (pair === undefined) throw new ApiError("route-not-found");
  const { from, to } = pair;
  if (to.text === undefined || from.text === undefined) throw new ApiError("version-not-found");
  const policyAt = (text: string | null) => (text === null ? undefined : policyOf(text, call));
  const [before, after] = [policyAt(from.text), policyAt(to.text)];
  return json({
    key,
    from: from.version,
    to: to.version,
    ...boundedPlan(plan(key, before, after, { now: call.services.now() })),
  });
}

/** An earlier version's policy as the newest version; history only grows. */
export async function rollback(call: Call): Promise<Response> {
  const { version, ...said } = bodyOf(call, RollbackSchema);
  const detail = `to version ${version}`;
  return edit(call, { ...said, detail, change: { kind: "rollback", version } });
}

export async function readAudit(call: Call): Promise<Response> {
  const { before, limit } = pageOf(call);
  const page = await withLedger(call, keyOf(call.params), async (ledger) =>
    ledger.audit(before, limit),
  );
  if (page.items.length === 0 && before === NEWEST) throw new ApiError("route-not-found");
  return json({
    entries: page.items.map((entry) => ({ ...entry, at: iso(entry.at) })),
    cursor: cursorOf(page.next),
  });
}
