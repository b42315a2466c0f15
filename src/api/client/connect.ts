import * as v from "valibot";

import { Failure, reasonOf } from "../../lib/failure.ts";
import { BASE } from "../base.ts";
import { LINES, type Definition } from "../definition.ts";
import { ProblemSchema } from "../problems.ts";
import { parsedLines } from "./lines.ts";
import { Refused, type Fixes } from "./refused.ts";

/** An answer that takes longer is not an answer (ms): the API publishes within five seconds, or answers without. */
const TIMEOUT_MS = 60_000;

/** Tries after the first, where the ledger asked to wait; writes carry an idempotency key. */
const RETRIES = 4;
const FIRST_WAIT_MS = 200;

/** Where an API is, and who asks. */
export interface Access {
  /** Without a slash at the end. */
  readonly url: string;
  readonly token: string;
}

/** One request of the API. */
export interface Ask {
  readonly method: Definition["method"];
  /** Below the API's root, with its leading slash; keys are encoded. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | number | undefined>>;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Whether making the same write twice is harmless to the caller: it then goes without an idempotency key, which costs the ledger a row. */
  readonly harmlessTwice?: boolean;
  /** Ends the request. */
  readonly signal?: AbortSignal;
  /** Whether the answer is lines of JSON: what comes of the request is then an `AsyncGenerator` of them. */
  readonly lines?: boolean;
}

/** Sends one request and gives back the answer's body, as JSON, or its lines; throws a `Failure` for every refusal. */
export type Client = (ask: Ask) => Promise<unknown>;

/** What a client may be given beside the address. */
export interface ClientOptions {
  /** What to do about refusals, in the words of the program that asks. */
  readonly fixes?: Fixes;
  /** What to do where nothing answers. */
  readonly unreachable?: string;
}

function target(access: Access, { path, query = {} }: Ask): URL {
  const url = new URL(access.url + BASE + path);
  for (const [name, value] of Object.entries(query))
    if (value !== undefined) url.searchParams.set(name, String(value));
  return url;
}

/** What is told of a connection that failed: some runtimes keep the reason underneath "fetch failed". */
function cause(error: unknown): string {
  const inner = error instanceof Error ? error.cause : undefined;
  if (inner instanceof AggregateError) return inner.errors.map(reasonOf).join(", ");
  return reasonOf(inner ?? error);
}

function understood(access: Access, response: Response, text: string, fixes: Fixes): unknown {
  let body: unknown;
  try {
    body = text === "" ? undefined : JSON.parse(text);
  } catch {
    body = undefined;
  }
  if (response.ok && (body !== undefined || text === "")) return body;
  const problem = v.safeParse(ProblemSchema, body);
  if (problem.success && !response.ok) throw new Refused(response.status, problem.output, fixes);
  throw new Failure(
    `${access.url} answers ${response.status}, and not as Switchyard's API does`,
    "check the URL: it is the control plane's, and not the gateway's",
    { code: "no-api" },
  );
}

/** Does work that `late` can end, and ends it where it takes too long. */
async function inTime<T>(late: AbortController, work: () => Promise<T>): Promise<T> {
  // Not AbortSignal.timeout: its timer would keep what it aborts in memory long after the answer.
  const timer = setTimeout(
    () => late.abort(new Error(`no answer within ${TIMEOUT_MS / 1000} s`)),
    TIMEOUT_MS,
  );
  try {
    return await work();
  } finally {
    clearTimeout(timer);
  }
}

const isLines = ({ ok, headers }: Response): boolean =>
  ok && headers.get("content-type")?.startsWith(LINES) === true;

async function once(
  access: Access,
  ask: Ask,
  headers: Headers,
  { fixes = {}, unreachable = "check the URL" }: ClientOptions,
): Promise<unknown> {
  const late = new AbortController();
  const send = async () =>
    fetch(target(access, ask), {
      method: ask.method,
      headers,
      body: ask.body === undefined ? null : JSON.stringify(ask.body),
      redirect: "manual",
      signal: ask.signal === undefined ? late.signal : AbortSignal.any([late.signal, ask.signal]),
    });
  try {
    return await inTime(late, async () => {
      const response = await send();
      const body: ReadableStream<Uint8Array> | null = response.body;
      if (ask.lines === true && isLines(response) && body !== null)
        return parsedLines(body, async (work) => inTime(late, work));
      return understood(access, response, await response.text(), fixes);
    });
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw new Failure(`nothing answers at ${access.url}: ${cause(error)}`, unreachable, {
      code: "unreachable",
    });
  }
}

/** Whether another try may help: the ledger or KV asks to wait. */
function mayPass(error: unknown): boolean {
  return error instanceof Refused && error.status === 503 && error.code !== "unhealthy";
}

/**
 * A client of one API, on whatever has `fetch`. What the API asks to try again is tried again; a
 * write carries one idempotency key through all its tries, so that none is made twice.
 */
export function connect(access: Access, options: ClientOptions = {}): Client {
  return async (ask) => {
    const headers = new Headers({
      // The API answers JSON whatever is asked for; the gateway, where its URL was given for the control plane's,
      // a line of text: so its "route-not-found" is never taken for the API's.
      accept: "text/plain, application/json",
      authorization: `Bearer ${access.token}`,
      ...ask.headers,
    });
    if (ask.body !== undefined && !headers.has("content-type"))
      headers.set("content-type", "application/json");
    if (ask.method !== "GET" && ask.harmlessTwice !== true)
      headers.set("idempotency-key", crypto.randomUUID());
    for (let attempt = 0; ; attempt += 1) {
      try {
        return await once(access, ask, headers, options);
      } catch (error) {
        if (attempt >= RETRIES || !mayPass(error)) throw error;
        await new Promise((resolve) => {
          setTimeout(resolve, FIRST_WAIT_MS * 2 ** attempt);
        });
      }
    }
  };
}
