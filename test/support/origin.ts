import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { helperRoute } from "./origin-routes.ts";

/** A request as the origin got it. `bytes` and `sha256` are final once `complete` is true. */
interface RecordedRequest {
  readonly method: string;
  /** Path and query, exactly as on the request line. */
  readonly url: string;
  /** Names in lower case, values in order of arrival. */
  readonly headers: NodeJS.Dict<string[]>;
  /** Name and value as sent, in order, repeats kept. */
  readonly headerPairs: readonly (readonly [name: string, value: string])[];
  bytes: number;
  sha256: string;
  /** False while the body is still coming, and for ever if the client went away before its end. */
  complete: boolean;
}

/** What the default route answers, as JSON. */
export interface Echo {
  readonly origin: string;
  readonly method: string;
  readonly url: string;
  readonly headers: Record<string, string[]>;
  readonly headerPairs: [name: string, value: string][];
  readonly body: { readonly bytes: number; readonly sha256: string };
}

/** Answers a request itself, or leaves it to the helper routes by calling `next`. */
export type OriginHandler = (
  request: IncomingMessage,
  response: ServerResponse,
  next: () => void,
) => void | Promise<void>;

export interface Origin {
  readonly name: string;
  /** `http://127.0.0.1:<port>`, without a slash at the end. */
  readonly url: string;
  readonly port: number;
  /** Every request since the start or the last `forget`, in order of arrival. */
  readonly requests: readonly RecordedRequest[];
  forget(): void;
  /** Stops listening and cuts every connection, upgraded ones too. */
  close(): Promise<void>;
}

function pairs(rawHeaders: readonly string[]): [string, string][] {
  return Array.from({ length: rawHeaders.length / 2 }, (_, i) => [
    rawHeaders[2 * i] ?? "",
    rawHeaders[2 * i + 1] ?? "",
  ]);
}

function record(request: IncomingMessage): RecordedRequest {
  const recorded: RecordedRequest = {
    method: request.method ?? "",
    url: request.url ?? "",
    headers: request.headersDistinct,
    headerPairs: pairs(request.rawHeaders),
    bytes: 0,
    sha256: "",
    complete: false,
  };
  const hash = createHash("sha256");
  // Only the hash is kept, so that a body of any size can pass. Paused first: a listener on a stream that was never
  // paused would start it, and a handler that reads later would find the beginning gone.
  request.pause();
  request.on("data", (chunk: Buffer) => {
    recorded.bytes += chunk.byteLength;
    hash.update(chunk);
  });
  request.on("end", () => {
    recorded.sha256 = hash.digest("hex");
    recorded.complete = true;
  });
  return recorded;
}

/** The default route: reads the body to its end, then tells what came. */
async function echo(
  name: string,
  recorded: RecordedRequest,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  request.resume();
  await once(request, "end");
  const answer = {
    origin: name,
    method: recorded.method,
    url: recorded.url,
    headers: recorded.headers,
    headerPairs: recorded.headerPairs,
    body: { bytes: recorded.bytes, sha256: recorded.sha256 },
  };
  response.writeHead(200, { "content-type": "application/json", "x-origin": name });
  response.end(JSON.stringify(answer));
}

/**
 * Starts a real HTTP server on a free port of 127.0.0.1. Every request is recorded and then answered by `handler`
 * (it reads the body by `pipe`, `for await` or `resume`, since the stream comes paused), by a helper route of
 * origin-routes.ts, or else by the `Echo` of what came. Whatever a handler throws becomes a 500 that says so.
 */
export async function startOrigin(name: string, handler?: OriginHandler): Promise<Origin> {
  const requests: RecordedRequest[] = [];
  const sockets = new Set<Socket>();

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const recorded = record(request);
    requests.push(recorded);
    let handled = handler !== undefined;
    await handler?.(request, response, () => {
      handled = false;
    });
    if (handled || (await helperRoute(name, request, response))) return;
    await echo(name, recorded, request, response);
  }

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      // A client that goes away is an ordinary event here, and leaves nobody to tell.
      if (response.headersSent || response.destroyed) response.destroy();
      else response.writeHead(500).end(`origin ${name}: ${String(error)}`);
    });
  });
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the origin has no port");

  return {
    name,
    url: `http://127.0.0.1:${address.port}`,
    port: address.port,
    requests,
    forget() {
      requests.length = 0;
    },
    async close() {
      const closed = once(server, "close");
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
