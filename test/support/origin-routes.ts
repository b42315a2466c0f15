import type { IncomingMessage, ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { gzipSync } from "node:zlib";

type Route = (call: {
  readonly name: string;
  readonly query: URLSearchParams;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** What follows the route's own name in the path. */
  readonly rest: string;
}) => void | Promise<void>;

/** The body of /range: byte n is n modulo 251, a prime, so that no offset can be mistaken for another nearby. */
export const RANGE_BODY: Buffer = Buffer.from(Uint8Array.from({ length: 1000 }, (_, i) => i % 251));

/** What /gzip says once unpacked. */
export const GZIP_TEXT: string = "the same line, over and over\n".repeat(100);

/** The bytes /gzip sends: to be found again, bit for bit, behind a proxy that leaves codings alone. */
export const GZIP_BODY: Buffer = gzipSync(GZIP_TEXT);

/** The lines of /cookies; a comma inside one shows up whoever folds them. */
export const COOKIE_LINES: readonly string[] = [
  "first=1; Path=/",
  "second=2; Path=/; HttpOnly; SameSite=Lax",
  "third=3; Path=/; Expires=Wed, 01 Jan 2048 00:00:00 GMT",
];

/** How long /slow, /sse and /drip wait at each step unless `?ms=` says otherwise. */
const DEFAULT_STEP_MS = 100;

const number = (query: URLSearchParams, name: string, fallback: number): number =>
  Number(query.get(name) ?? fallback);

const ASSET_TYPES: Readonly<Record<string, string>> = {
  css: "text/css",
  html: "text/html",
  js: "text/javascript",
  svg: "image/svg+xml",
};

/** `bytes=a-b`, `bytes=a-` or `bytes=-n` within `size` bytes; null where no byte of it exists. */
function byteRange(header: string, size: number): { from: number; to: number } | null | undefined {
  const [, first, last] = /^bytes=(\d*)-(\d*)$/.exec(header) ?? [];
  if (first === undefined || last === undefined || (first === "" && last === "")) return undefined;
  const from = first === "" ? Math.max(0, size - Number(last)) : Number(first);
  const to = first === "" || last === "" ? size - 1 : Math.min(size - 1, Number(last));
  return from > to ? null : { from, to };
}

/**
 * The routes by first path segment:
 * - /redirect?to=…&status=302, /cookies, /status/<n>, /gzip, /asset/<name> answer at once;
 * - /range knows one `Range` of RANGE_BODY, 206 or 416;
 * - /echo streams the request's body back as it comes;
 * - /slow?ms= holds the head back; /drip?ms=&count= sends the head at once and the body in pieces;
 * - /sse?ms=&count= sends an event at each step, for ever without a count.
 */
const ROUTES: Readonly<Record<string, Route>> = {
  redirect({ query, response }) {
    response.writeHead(number(query, "status", 302), { location: query.get("to") ?? "/" });
    response.end();
  },

  cookies({ name, response }) {
    response.writeHead(200, { "set-cookie": [...COOKIE_LINES], "content-type": "text/plain" });
    response.end(name);
  },

  status({ rest, response }) {
    const status = Number(rest);
    if (status === 304) response.setHeader("etag", '"fixed"');
    response.writeHead(status);
    response.end(status === 204 || status === 304 ? undefined : `status ${status}`);
  },

  range({ request, response }) {
    const size = RANGE_BODY.byteLength;
    const range = byteRange(request.headers.range ?? "", size);
    response.setHeader("accept-ranges", "bytes");
    response.setHeader("content-type", "application/octet-stream");
    if (range === null) {
      response.writeHead(416, { "content-range": `bytes */${size}` }).end();
    } else if (range === undefined) {
      response.writeHead(200, { "content-length": size }).end(RANGE_BODY);
    } else {
      const part = RANGE_BODY.subarray(range.from, range.to + 1);
      response.writeHead(206, {
        "content-range": `bytes ${range.from}-${range.to}/${size}`,
        "content-length": part.byteLength,
      });
      response.end(part);
    }
  },

  gzip({ response }) {
    response.writeHead(200, {
      "content-type": "text/plain",
      "content-encoding": "gzip",
      "content-length": GZIP_BODY.byteLength,
      vary: "accept-encoding",
    });
    response.end(GZIP_BODY);
  },

  async sse({ query, response }) {
    response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-cache" });
    response.flushHeaders();
    const count = number(query, "count", Number.POSITIVE_INFINITY);
    for (let id = 0; id < count && !response.destroyed; id++) {
      response.write(`id: ${id}\ndata: ${Date.now()}\n\n`);
      await sleep(number(query, "ms", DEFAULT_STEP_MS));
    }
    response.end();
  },

  echo({ request, response }) {
    response.writeHead(200, {
      "content-type": request.headers["content-type"] ?? "application/octet-stream",
    });
    response.flushHeaders();
    request.pipe(response);
  },

  async slow({ name, query, response }) {
    await sleep(number(query, "ms", DEFAULT_STEP_MS));
    response.writeHead(200, { "content-type": "text/plain" }).end(name);
  },

  async drip({ query, response }) {
    response.writeHead(200, { "content-type": "text/plain" });
    response.flushHeaders();
    const count = number(query, "count", 3);
    for (let i = 0; i < count && !response.destroyed; i++) {
      await sleep(number(query, "ms", DEFAULT_STEP_MS));
      response.write(`drop ${i}\n`);
    }
    response.end();
  },

  asset({ name, rest, response }) {
    const type = ASSET_TYPES[rest.split(".").at(-1) ?? ""] ?? "application/octet-stream";
    response.writeHead(200, {
      "content-type": type,
      "cache-control": "public, max-age=31536000, immutable",
      etag: `"${name}-${rest}"`,
    });
    response.end(`${name} ${rest}`);
  },
};

/** Answers a request for a helper route; false, and nothing done, where the path names none. */
export async function helperRoute(
  name: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<boolean> {
  // Not `new URL`: it would normalise a path, or refuse it, that a hostile test sends on purpose.
  const [path = "", query = ""] = (request.url ?? "").split("?", 2);
  const [, segment = "", rest = ""] = /^\/([^/]*)\/?(.*)$/.exec(path) ?? [];
  const route = Object.hasOwn(ROUTES, segment) ? ROUTES[segment] : undefined;
  if (route === undefined) return false;
  await route({ name, query: new URLSearchParams(query), request, response, rest });
  return true;
}
