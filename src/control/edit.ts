import type { Committed, Change } from "../ledger/edit-types.ts";
import type { Idempotency } from "../ledger/types.ts";
import { sha256Hex } from "./sha256.ts";
import { boundedPlan } from "./bounded.ts";
import { withLedger, iso, json, keyOf, type Call } from "./call.ts";
import { errorOf } from "./edit-error.ts";
import { etag, idempotencyKey, precondition } from "./precondition.ts";

/** How a request changes a route. */
export interface Wanted {
  readonly change: Change;
  readonly note?: string | undefined;
  /** For the audit log: what exactly was asked. */
  readonly detail?: string;
  readonly allowReshuffle?: boolean | undefined;
  readonly override?: boolean | undefined;
}

/** What makes this request the same as an earlier one: the caller's own key, and all that it says. */
async function idempotencyOf(call: Call): Promise<Idempotency | undefined> {
  const { request, caller, url, text } = call;
  const key = idempotencyKey(request.headers);
  if (key === undefined) return undefined;
  const conditions = ["if-match", "if-none-match"].map((name) => request.headers.get(name));
  const said = JSON.stringify([request.method, url.pathname, url.search, conditions, text]);
  return { id: JSON.stringify([caller.name, key]), fingerprint: await sha256Hex(said) };
}

/** What a caller sees of an accepted edit. */
function accepted(key: string, committed: Committed): Response {
  const { version, published, author, at, note, action, unchanged, reason, plan } = committed;
  const { warnings, replaced, created, replayed } = committed;
  const body = {
    key,
    version,
    published,
    author,
    at: iso(at),
    note,
    action,
    unchanged,
    ...(reason === undefined ? {} : { reason }),
    ...(plan === undefined ? {} : { plan: boundedPlan(plan) }),
    warnings,
    ...(replaced === undefined ? {} : { replaced }),
  };
  return json(body, created ? 201 : 200, {
    etag: etag(version),
    ...(replayed ? { "idempotency-replayed": "true" } : {}),
  });
}

/** Makes an edit: what the headers say becomes what the ledger expects, and its refusal a problem. */
export async function edit(call: Call, wanted: Wanted): Promise<Response> {
  const key = keyOf(call.params);
  const { change, note = "", detail = "", allowReshuffle = false, override = false } = wanted;
  const expects = precondition(call.request.headers);
  const idempotency = await idempotencyOf(call);
  const asked = {
    key,
    change,
    expects,
    author: call.caller.name,
    note,
    detail,
    allowReshuffle,
    override,
    now: call.services.now(),
    idempotency,
  };
  const outcome = await withLedger(call, key, async (ledger) => ledger.edit(asked));
  if (!outcome.ok) throw errorOf(outcome.error);
  return accepted(key, outcome.value);
}
