import { randomUUID } from "node:crypto";

import * as v from "valibot";

import { Failure, reasonOf } from "../failure.ts";
import type { Access } from "../settings.ts";

/** Where the API lives on every gateway. */
const BASE = "/.switchyard/v1";

/** An answer that takes longer is not an answer (ms): the API publishes within five seconds, or answers without. */
const TIMEOUT_MS = 60_000;

/** Tries after the first, where nothing answered or the ledger asked to wait; writes carry an idempotency key. */
const RETRIES = 4;
const FIRST_WAIT_MS = 200;

const ProblemSchema = v.object({
  code: v.string(),
  title: v.string(),
  detail: v.optional(v.string()),
  current: v.optional(v.number()),
  issues: v.optional(
    v.array(v.object({ path: v.string(), message: v.string(), fix: v.string() })),
    [],
  ),
});

/** What the API said when it refused. */
export type Problem = v.InferOutput<typeof ProblemSchema>;

/** What is wrong and what to do, parted: the API's detail says both where it can, with a semicolon between. */
function worded({ code, title, detail, issues: [issue] }: Problem): readonly [string, string] {
  if (issue !== undefined) return [`${issue.path}: ${issue.message}`, issue.fix];
  const known = FIXES[code];
  const [what = title, ...fix] = (detail ?? title).split("; ");
  if (fix.length > 0) return [what, fix.join("; ")];
  if (known !== undefined) return [title, known];
  return [title, detail ?? "see docs/control-api.md"];
}

/** A refusal of the API. */
export class Refused extends Failure {
  readonly status: number;
  readonly problem: Problem;

  constructor(status: number, problem: Problem) {
    const [message, fix] = worded(problem);
    super(message, fix, { code: problem.code });
    this.status = status;
    this.problem = problem;
  }
}

/** What to do about a refusal that does not say it itself. */
const FIXES: Readonly<Record<string, string>> = {
  unauthorized: "check the token: SY_TOKEN, or --token",
  forbidden: "ask for a token whose role and scope allow it",
  "route-not-found": "see sy list for the routes there are",
  "version-not-found": "see sy history for the versions there are",
  "precondition-failed": "somebody was quicker: look at it again with sy get",
  drift: "see sy get, then sy adopt or sy republish",
  reshuffle: "keep the salt and the names, or add --allow-reshuffle",
  "links-off": "set the secret OVERRIDE_SECRET",
  "too-many-requests": "wait a minute",
  "ledger-unavailable": "try again in a moment",
};

/** One request of the API. */
export interface Ask {
  readonly method?: "GET" | "PUT" | "PATCH" | "POST" | "DELETE";
  /** Below the API's root, with its leading slash; keys are encoded. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Whether making the same write twice is harmless to the caller: it then goes without an idempotency key, which costs the ledger a look. */
  readonly harmlessTwice?: boolean;
}

/** An answer in JSON. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly etag: string | undefined;
}

/** Sends requests to one API. */
export type Client = (ask: Ask) => Promise<Answer>;

function target(access: Access, { path, query = {} }: Ask): URL {
  const url = new URL(access.url + BASE + path);
  for (const [name, value] of Object.entries(query))
    if (value !== undefined) url.searchParams.set(name, String(value));
  return url;
}

/** What is told of a connection that failed: Node keeps the reason underneath "fetch failed". */
function cause(error: unknown): string {
  const inner = error instanceof Error ? error.cause : undefined;
  if (inner instanceof AggregateError) return inner.errors.map(reasonOf).join(", ");
  return reasonOf(inner ?? error);
}

async function once(access: Access, ask: Ask, headers: Headers): Promise<Answer> {
  // Not AbortSignal.timeout: its timer would keep what it aborts in memory long after the answer.
  const late = new AbortController();
  const timer = setTimeout(
    () => late.abort(new Error(`no answer within ${TIMEOUT_MS / 1000} s`)),
    TIMEOUT_MS,
  );
  try {
    const response = await fetch(target(access, ask), {
      method: ask.method ?? "GET",
      headers,
      body: ask.body === undefined ? null : JSON.stringify(ask.body),
      redirect: "manual",
      signal: late.signal,
    });
    const text = await response.text();
    return understood(access, response, text);
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw new Failure(
      `no gateway answers at ${access.url}: ${cause(error)}`,
      "start one with npm start, or name another with --url or SY_URL",
      { code: "unreachable" },
    );
  } finally {
    clearTimeout(timer);
  }
}

function understood(access: Access, response: Response, text: string): Answer {
  let body: unknown;
  try {
    body = text === "" ? undefined : JSON.parse(text);
  } catch {
    body = undefined;
  }
  const etag = response.headers.get("etag") ?? undefined;
  if (response.ok && (body !== undefined || text === ""))
    return { status: response.status, body, etag };
  const problem = v.safeParse(ProblemSchema, body);
  if (problem.success && !response.ok) throw new Refused(response.status, problem.output);
  throw new Failure(
    `${access.url} answers ${response.status}, and not as Switchyard's API does`,
    "check the URL, and that the gateway has a token set (ADMIN_TOKENS): without one its API is off",
    { code: "no-api" },
  );
}

/** Whether another try may help: the ledger asks to wait, or nothing answered. */
function mayPass(error: unknown): boolean {
  return error instanceof Refused && error.status === 503;
}

/**
 * A client of one API. Throws a failure for every refusal. What the API asks to try again is tried
 * again; a write carries one idempotency key through all its tries, so that none is made twice.
 */
export function connect(access: Access): Client {
  return async (ask) => {
    const headers = new Headers({
      // The API answers JSON whatever is asked for; the data plane, where the API is off, a line of
      // text: so its "route-not-found" is never taken for the API's.
      accept: "text/plain, application/json",
      authorization: `Bearer ${access.token}`,
      ...ask.headers,
    });
    if (ask.body !== undefined && !headers.has("content-type"))
      headers.set("content-type", "application/json");
    const isWrite = ask.method !== undefined && ask.method !== "GET";
    if (isWrite && ask.harmlessTwice !== true) headers.set("idempotency-key", randomUUID());
    for (let attempt = 0; ; attempt += 1) {
      try {
        return await once(access, ask, headers);
      } catch (error) {
        if (attempt >= RETRIES || !mayPass(error)) throw error;
        await new Promise((resolve) => setTimeout(resolve, FIRST_WAIT_MS * 2 ** attempt));
      }
    }
  };
}
