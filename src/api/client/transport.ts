import { Failure, reasonOf } from "../../lib/failure.ts";
import { BASE } from "../base.ts";
import { LINES } from "../definition.ts";
import type { Access, Ask, Client } from "./ask.ts";
import { noApi, signedOut } from "./failures.ts";
import type { Forms } from "./forms.ts";
import { parsedLines } from "./lines.ts";
import type { Memory } from "./memory.ts";
import { Refused, type Fixes } from "./refused.ts";

/** An answer that takes longer is not an answer (ms): the API publishes within five seconds, or answers without. */
const TIMEOUT_MS = 60_000;

/** Tries after the first, where the ledger asked to wait; writes carry an idempotency key. */
const RETRIES = 4;
const FIRST_WAIT_MS = 200;

/** How a client speaks to its API. */
export interface Way {
  readonly access: Access;
  readonly forms: Forms;
  /** Sent with every request that changes something. */
  readonly writeHeaders?: Readonly<Record<string, string>>;
  /** Answers that need not be sent again where nothing has changed. */
  readonly memory?: Memory;
  /** What to do about refusals, in the words of the program that asks. */
  readonly fixes?: Fixes | undefined;
  /** What to do where nothing answers. */
  readonly unreachable?: string | undefined;
}

function target({ access, forms }: Way, { operation, params = {}, query = {} }: Ask): string {
  const fill = (_: string, name: string) => encodeURIComponent(params[name] ?? "");
  const asked = new URLSearchParams();
  for (const [name, value] of Object.entries(query))
    if (value !== undefined) asked.set(name, String(value));
  const path = forms.places[operation].path.replaceAll(/:(\w+)/g, fill);
  return `${access.url}${BASE}${path}${asked.size === 0 ? "" : `?${asked.toString()}`}`;
}

/** What is told of a connection that failed: some runtimes keep the reason underneath "fetch failed". */
function cause(error: unknown): string {
  const inner = error instanceof Error ? error.cause : undefined;
  if (inner instanceof AggregateError) return inner.errors.map(reasonOf).join(", ");
  return reasonOf(inner ?? error);
}

async function understood(
  { access, forms, fixes = {} }: Way,
  ask: Ask,
  response: Response,
  text: string,
) {
  let body: unknown;
  try {
    body = text === "" ? undefined : JSON.parse(text);
  } catch {
    body = undefined;
  }
  if (response.ok && (body !== undefined || text === ""))
    return (await forms.answers(ask.operation))(body);
  const problem = response.ok ? undefined : await forms.refused(body);
  if (problem !== undefined) throw new Refused(response.status, problem, fixes);
  throw noApi(access.url, response.status);
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

async function* answeredLines({ forms }: Way, { operation }: Ask, lines: AsyncIterable<unknown>) {
  const read = await forms.answers(operation);
  for await (const line of lines) yield read(line);
}

async function once(way: Way, ask: Ask, headers: Headers): Promise<unknown> {
  const { access, forms, memory, unreachable = "check the URL" } = way;
  const late = new AbortController();
  const url = target(way, ask);
  const { method } = forms.places[ask.operation];
  const known = method === "GET" ? memory?.recall(url) : undefined;
  if (known !== undefined) headers.set("if-none-match", known.etag);
  const send = async () =>
    fetch(url, {
      method,
      headers,
      body: ask.body === undefined ? null : JSON.stringify(ask.body),
      redirect: "manual",
      signal: ask.signal === undefined ? late.signal : AbortSignal.any([late.signal, ask.signal]),
    });
  try {
    return await inTime(late, async () => {
      const response = await send();
      if (response.status === 304 && known !== undefined) return known.value;
      // What a browser tells a page of a redirect that it did not follow.
      if (response.status === 0) throw signedOut();
      const body: ReadableStream<Uint8Array> | null = response.body;
      if (ask.lines === true && isLines(response) && body !== null)
        return answeredLines(
          way,
          ask,
          parsedLines(body, async (work) => inTime(late, work)),
        );
      const value = await understood(way, ask, response, await response.text());
      if (method === "GET") memory?.keep(url, response.headers.get("etag"), value);
      return value;
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

function headersOf({ access, forms, writeHeaders }: Way, ask: Ask): Headers {
  const headers = new Headers({
    // The API answers JSON whatever is asked for; the gateway, where its URL was given for the control plane's,
    // a line of text: so its "route-not-found" is never taken for the API's.
    accept: "text/plain, application/json",
    ...(access.token === undefined ? {} : { authorization: `Bearer ${access.token}` }),
    ...ask.headers,
  });
  if (ask.body !== undefined && !headers.has("content-type"))
    headers.set("content-type", "application/json");
  if (forms.places[ask.operation].method === "GET") return headers;
  for (const [name, value] of Object.entries(writeHeaders ?? {})) headers.set(name, value);
  if (ask.harmlessTwice !== true) headers.set("idempotency-key", crypto.randomUUID());
  return headers;
}

/**
 * A client of one API, on whatever has `fetch`. What the API asks to try again is tried again; a
 * write carries one idempotency key through all its tries, so that none is made twice.
 */
export function clientOf(way: Way): Client {
  return async (ask) => {
    const headers = headersOf(way, ask);
    for (let attempt = 0; ; attempt += 1) {
      try {
        return await once(way, ask, headers);
      } catch (error) {
        if (attempt >= RETRIES || !mayPass(error)) throw error;
        await new Promise((resolve) => {
          setTimeout(resolve, FIRST_WAIT_MS * 2 ** attempt);
        });
      }
    }
  };
}
