import type { AdminConfig } from "../config/admin.ts";
import type { ControlConfig, ControlEnv } from "../config/control.ts";
import { isRouteKey } from "../policy/keys.ts";
import { parse } from "../policy/parse.ts";
import type { Policy } from "../policy/schema.ts";
import { WITHOUT_LEDGER } from "./advice.ts";
import type { Caller } from "./auth.ts";
import { demand, parseBody } from "./body.ts";
import { ledgerOf, type LedgerCalls } from "../ledger/calls.ts";
import { COMMON_HEADERS, ApiError } from "./api-error.ts";
import type { Operation } from "../api/operations.ts";
import type * as v from "valibot";

/** What the API has of the platform. */
export interface Services {
  readonly env: ControlEnv;
  readonly config: ControlConfig;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Waits so long (ms), or until the signal rejects it. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly log: (
    level: "warn" | "error",
    message: string,
    details: Record<string, unknown>,
  ) => void;
}

/** One request to the API whose caller is known and may make it. */
export interface Call {
  readonly request: Request;
  readonly operation: Operation;
  readonly url: URL;
  readonly params: Readonly<Record<string, string>>;
  readonly caller: Caller;
  /** Who may call at all. */
  readonly admin: AdminConfig;
  /** The body as it came; empty where there is none. */
  readonly text: string;
  readonly services: Services;
}

/** The body, held against a schema. */
export function bodyOf<TSchema extends v.GenericSchema>(
  call: Call,
  schema: TSchema,
): v.InferOutput<TSchema> {
  return demand(schema, parseBody(call.text));
}

/** The route key in the path; refuses what no request could lead to. */
export function keyOf(params: Readonly<Record<string, string>>): string {
  let key = "";
  try {
    key = decodeURIComponent(params["key"] ?? "");
  } catch {
    throw new ApiError("key-invalid");
  }
  if (!isRouteKey(key))
    throw new ApiError(
      "key-invalid",
      'a key is a host, "*." and a host, a tenant id, or "*", as in docs/policy.md',
    );
  return key;
}

/** The promises of a ledger, with its failures told apart from ours. */
export async function withLedger<T>(
  { services }: Pick<Call, "services">,
  key: string,
  question: (ledger: LedgerCalls) => Promise<T>,
): Promise<T> {
  const { env, log } = services;
  if (env.LEDGER === undefined) throw new ApiError("ledger-unavailable", { fix: WITHOUT_LEDGER });
  try {
    return await question(ledgerOf(env.LEDGER, key));
  } catch (error) {
    log("error", "the ledger failed", { route: key, error: String(error) });
    throw new ApiError("ledger-unavailable", { fix: WITHOUT_LEDGER });
  }
}

/** What KV answers, with its failures told apart from ours. */
export async function withKv<T>(
  { services }: Pick<Call, "services">,
  question: (kv: KVNamespace) => Promise<T>,
): Promise<T> {
  try {
    return await question(services.env.ROUTING_CONFIG);
  } catch (error) {
    if (error instanceof ApiError) throw error;
    services.log("error", "KV cannot be read by the control plane", { error: String(error) });
    throw new ApiError("kv-unavailable");
  }
}

/** The policy of a text that was valid when it was accepted; refused if the rules have changed since. */
export function policyOf(text: string, { services }: Pick<Call, "services">): Policy {
  const parsed = parse(text, services.config);
  if (parsed.ok) return parsed.policy;
  throw new ApiError("policy-refused", "the stored policy", { issues: parsed.issues });
}

/** A JSON answer. */
export function json(value: unknown, status = 200, headers: Record<string, string> = {}): Response {
  return Response.json(value, { status, headers: { ...COMMON_HEADERS, ...headers } });
}

/** A time for a person. */
export const iso = (ms: number): string => new Date(ms).toISOString();

/** A whole number in the query within its bounds, or what stands for it. */
export function wholeIn(call: Call, name: string, low: number, high: number): number | undefined;
export function wholeIn(
  call: Call,
  name: string,
  low: number,
  high: number,
  otherwise: number,
): number;
export function wholeIn(
  call: Call,
  name: string,
  low: number,
  high: number,
  otherwise?: number,
): number | undefined {
  const text = call.url.searchParams.get(name);
  if (text === null) return otherwise;
  const value = /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= low && value <= high) return value;
  throw new ApiError("query-invalid", `"${name}" must be a whole number from ${low} to ${high}`);
}
