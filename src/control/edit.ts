import { plan, type Plan } from "../preview/plan.ts";
import { diff } from "../policy/diff.ts";
import { parseValue } from "../policy/parse.ts";
import type { Policy } from "../policy/schema.ts";
import { withLedger, iso, json, keyOf, policyOf, type Call } from "./call.ts";
import type { LedgerAction, Drift, Idempotency, Version } from "../ledger/types.ts";
import { MAX_POLICY_BYTES } from "../api/limits.ts";
import { etag, holds, idempotencyKey, precondition, type Precondition } from "./precondition.ts";
import { ApiError } from "./api-error.ts";

/** What an edit starts from. */
export interface Base {
  /** The newest version; 0 where there is none. */
  readonly version: number;
  /** The policy it holds; absent where the route is new or deleted. */
  readonly policy: Policy | undefined;
  /** What somebody else wrote to KV. */
  readonly drift: Drift | undefined;
}

/** How a request changes a route. */
export interface Change {
  readonly action: LedgerAction;
  readonly note: string | undefined;
  /** For the audit log: what exactly was asked. */
  readonly detail: string;
  readonly allowReshuffle: boolean;
  /** The new policy, not yet judged; `null` deletes. */
  readonly make: (base: Base) => unknown;
}

async function sha256(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** What makes this request the same as an earlier one: the caller's own key, and all that it says. */
async function idempotencyOf(call: Call): Promise<Idempotency | undefined> {
  const { request, caller, url, text } = call;
  const key = idempotencyKey(request.headers);
  if (key === undefined) return undefined;
  const conditions = ["if-match", "if-none-match"].map((name) => request.headers.get(name));
  const said = JSON.stringify([request.method, url.pathname, url.search, conditions, text]);
  return { id: JSON.stringify([caller.name, key]), fingerprint: await sha256(said) };
}

/** 412, with what happened since the version the caller knew. */
export async function outdated(
  call: Call,
  key: string,
  wanted: Precondition,
  latest: Version | undefined,
): Promise<ApiError> {
  const known = wanted.want === "some" ? wanted.versions[0] : undefined;
  const base =
    known === undefined || latest === undefined || latest.version === known
      ? undefined
      : await withLedger(call, key, async (ledger) => ledger.version(known));
  const read = (text: string | null | undefined): unknown =>
    text == null ? undefined : (JSON.parse(text) as unknown);
  return new ApiError("precondition-failed", "read it again, and decide again", {
    current: latest?.version ?? 0,
    ...(base === undefined
      ? {}
      : { since: base.version, changes: diff(read(base.text), read(latest?.text)) }),
  });
}

/** What a caller sees of an accepted edit. */
function accepted(
  call: Call,
  version: Omit<Version, "text"> & { readonly published: number },
  more: {
    readonly plan: Plan | undefined;
    readonly created?: boolean;
    readonly unchanged?: boolean;
    readonly replayed?: boolean;
  },
): Response {
  const { published, author, note, action } = version;
  const body = {
    key: keyOf(call.params),
    version: version.version,
    published,
    author,
    at: iso(version.at),
    note,
    action,
    unchanged: more.unchanged ?? false,
    warnings: [],
    ...(more.plan === undefined ? {} : { plan: more.plan }),
  };
  return json(body, more.created === true ? 201 : 200, {
    etag: etag(version.version),
    ...(more.replayed === true ? { "idempotency-replayed": "true" } : {}),
  });
}

function judged(value: unknown, call: Call): { policy: Policy; text: string } {
  const parsed = parseValue(value, call.services.config);
  if (!parsed.ok) throw new ApiError("policy-refused", undefined, { issues: parsed.issues });
  const text = JSON.stringify(parsed.policy, null, 2);
  if (new TextEncoder().encode(text).length > MAX_POLICY_BYTES)
    throw new ApiError("body-too-large", `a policy has ${MAX_POLICY_BYTES} bytes at most`);
  return { policy: parsed.policy, text };
}

async function replayed(
  call: Call,
  key: string,
  idempotency: Idempotency,
): Promise<Response | undefined> {
  const recalled = await withLedger(call, key, async (ledger) => ledger.recall(idempotency));
  if (!recalled.seen) return undefined;
  if (!recalled.same) throw new ApiError("idempotency-mismatch");
  return repeat(call, key, recalled.version);
}

async function repeat(call: Call, key: string, number: number): Promise<Response> {
  const version = await withLedger(call, key, async (ledger) => ledger.version(number));
  if (version === undefined) throw new ApiError("version-not-found");
  const { published } = await withLedger(call, key, async (ledger) => ledger.status(key));
  return accepted(call, { ...version, published }, { plan: undefined, replayed: true });
}

/**
 * Every edit takes this way: precondition, drift, the change itself, judgement, what it does to
 * visitors, and the ledger, which accepts it only if nobody was faster.
 */
export async function edit(call: Call, change: Change): Promise<Response> {
  const key = keyOf(call.params);
  const wanted = precondition(call.request.headers);
  const idempotency = await idempotencyOf(call);
  const earlier = idempotency && (await replayed(call, key, idempotency));
  if (earlier !== undefined) return earlier;

  const status = await withLedger(call, key, async (ledger) => ledger.status(key));
  const { latest, drift } = status;
  const isThere = latest !== undefined && latest.text !== null;
  const onlyInKv = latest === undefined && drift !== undefined;
  const current = isThere ? latest.version : onlyInKv ? 0 : undefined;
  if (current === undefined && wanted.want !== "none")
    throw latest === undefined
      ? new ApiError("route-not-found")
      : await outdated(call, key, wanted, latest);
  if (!holds(wanted, current)) throw await outdated(call, key, wanted, latest);
  if (drift !== undefined && change.action !== "adopt")
    throw new ApiError("drift", "adopt the value in KV, or republish the newest version", {
      current: latest?.version ?? 0,
    });

  const base: Base = {
    version: latest?.version ?? 0,
    policy: isThere && latest.text !== null ? policyOf(latest.text, call) : undefined,
    drift,
  };
  const next = change.make(base);
  const made = next === null ? undefined : judged(next, call);
  if (latest !== undefined && isThere && made?.text === latest.text && change.action !== "adopt") {
    const { published } = status;
    return accepted(call, { ...latest, published }, { plan: undefined, unchanged: true });
  }
  const planned = plan(key, base.policy, made?.policy, { now: call.services.now() });
  if (planned.reshuffled > 0 && !change.allowReshuffle)
    throw new ApiError("reshuffle", 'keep the salt and the names, or say "allowReshuffle": true', {
      plan: planned,
    });

  const { action, detail, note = "" } = change;
  const author = call.caller.name;
  // What is adopted stays in KV as it is, and is known again by its very text.
  const text = (action === "adopt" ? drift?.text : made?.text) ?? null;
  const entry = { key, from: base.version, text, author, note, action, detail, idempotency };
  const committed = await withLedger(call, key, async (ledger) => ledger.commit(entry));
  if ("mismatch" in committed) throw new ApiError("idempotency-mismatch");
  if (!committed.ok) {
    const { latest: winner } = await withLedger(call, key, async (ledger) => ledger.status(key));
    throw await outdated(call, key, { want: "some", versions: [base.version] }, winner);
  }
  if (committed.replayed) return repeat(call, key, committed.version);
  const { version, published, at } = committed;
  return accepted(
    call,
    { version, published, author, at, note, action },
    {
      plan: planned,
      created: base.policy === undefined && text !== null,
    },
  );
}
