import { once } from "node:events";
import { Agent, request as httpRequest, type IncomingMessage } from "node:http";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { CookieJar } from "tough-cookie";
import type { Echo } from "./origin.ts";

/** How long a visit may stay without an answer before it fails: longer than any time-out under test. */
const VISIT_TIMEOUT_MS = 30_000;

export interface VisitOptions {
  readonly method?: string;
  /** The Host header: whom the visitor believes to talk to. Cookies are kept for this host. Default: the URL's. */
  readonly host?: string;
  /** Path and query as sent, byte for byte. Default: the URL's, which `new URL` has normalised. */
  readonly path?: string;
  /** Takes the cookies of each answer and sends them with each visit, as a browser does. */
  readonly jar?: CookieJar;
  /** A list of values sends the header that many times. `cookie` goes out beside the jar's cookies. */
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string | Uint8Array | Readable;
  /** Until the head of the answer. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

/** An answer's head, with its body still to be read. */
export interface OpenVisit {
  readonly status: number;
  /** Names in lower case, values in order of arrival, none folded. */
  readonly headers: Readonly<NodeJS.Dict<string[]>>;
  /** Name, value, name, value, … as they came. */
  readonly rawHeaders: readonly string[];
  /** The first value of a header. */
  readonly header: (name: string) => string | undefined;
  /** The body as it comes, not decoded. Fails if the answer ends before it is complete. */
  readonly stream: IncomingMessage;
}

export interface Visit extends Omit<OpenVisit, "stream"> {
  /** The bytes as they came: a content coding is not undone. */
  readonly body: Buffer;
  readonly text: () => string;
  /** The body as JSON. Throws a SyntaxError where it is not. */
  readonly json: () => unknown;
  /** The body as an origin's default route writes it. Throws where it is something else. */
  readonly echo: () => Echo;
}

/** An empty jar. It keeps to RFC 6265 and the public suffix list, as browsers do. */
export function openJar(): CookieJar {
  return new CookieJar();
}

/** Where the jar files the cookies of a visit. A path it cannot parse is filed under `/`. */
function cookieUrl(url: URL, host: string, path: string): string {
  const seen = `${url.protocol}//${host}${path}`;
  return URL.canParse(seen) ? seen : `${url.protocol}//${host}/`;
}

function outgoingHeaders(
  host: string,
  jarred: string,
  extra: VisitOptions["headers"] = {},
): Record<string, string | string[]> {
  const headers: Record<string, string | string[]> = { host };
  for (const [name, value] of Object.entries(extra)) {
    headers[name.toLowerCase()] = typeof value === "string" ? value : [...value];
  }
  const cookies = [jarred, headers["cookie"] ?? ""].flat().filter((line) => line !== "");
  if (cookies.length > 0) headers["cookie"] = cookies.join("; ");
  return headers;
}

/**
 * Sends one request on a connection of its own and resolves at the head of the answer; redirects are not followed.
 * node:http, since `fetch` neither sends a chosen Host nor keeps repeated headers apart. Rejects with node's error
 * where the connection fails, and with a TimeoutError where no head comes in time.
 */
export async function openVisit(url: string | URL, options: VisitOptions = {}): Promise<OpenVisit> {
  const target = new URL(url);
  const host = options.host ?? target.host;
  const path = options.path ?? target.pathname + target.search;
  const filed = cookieUrl(target, host, path);
  const timeout = new AbortController();
  const timer = setTimeout(() => {
    timeout.abort(new DOMException(`no answer from ${filed}`, "TimeoutError"));
  }, options.timeoutMs ?? VISIT_TIMEOUT_MS);

  const request = httpRequest({
    hostname: target.hostname,
    port: target.port,
    path,
    method: options.method ?? (options.body === undefined ? "GET" : "POST"),
    headers: outgoingHeaders(
      host,
      (await options.jar?.getCookieString(filed)) ?? "",
      options.headers,
    ),
    // No connection is used twice: a kept one that its server has just closed would look like a failure of the gateway.
    agent: new Agent({ keepAlive: false }),
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  });
  // A reset that follows the head is reported here as well as on the stream, where the reader sees it.
  request.on("error", () => {});
  timeout.signal.addEventListener("abort", () => request.destroy(timeout.signal.reason as Error));

  try {
    const answered = once(request, "response") as Promise<[IncomingMessage]>;
    const { body } = options;
    if (body === undefined || typeof body === "string" || body instanceof Uint8Array) {
      request.end(body);
    } else {
      // A gateway may answer before it has read the whole body; the answer then counts, not the broken upload.
      pipeline(body, request).catch(() => {});
    }
    const [stream] = await answered;
    for (const line of stream.headers["set-cookie"] ?? []) {
      await options.jar?.setCookie(line, filed, { ignoreError: true });
    }
    return {
      status: stream.statusCode ?? 0,
      headers: stream.headersDistinct,
      rawHeaders: stream.rawHeaders,
      header: (name) => stream.headersDistinct[name.toLowerCase()]?.[0],
      stream,
    };
  } finally {
    clearTimeout(timer);
  }
}

/** Like openVisit, and reads the body to its end. */
export async function visit(url: string | URL, options: VisitOptions = {}): Promise<Visit> {
  const { stream, ...head } = await openVisit(url, options);
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  const text = () => body.toString("utf8");
  return {
    ...head,
    body,
    text,
    json: () => JSON.parse(text()) as unknown,
    echo() {
      if (head.header("x-origin") === undefined) {
        throw new Error(`no origin's echo, but ${head.status}: ${text().slice(0, 200)}`);
      }
      return JSON.parse(text()) as Echo;
    },
  };
}
