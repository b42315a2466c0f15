import { EventEmitter, once } from "node:events";
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as wait } from "node:timers/promises";
import { WebSocketServer } from "ws";

import { MIRROR_HEADER } from "../../../src/gateway/forward/mirror.ts";
import type { Behaviour } from "./cases.ts";

/** Says which request of the data one on the wire is, and so how the backend is to behave. */
export const CASE_HEADER = "x-case";

/** On each answer of a backend: its name. */
export const BACKEND_HEADER = "x-backend";

/** `request.cf` of what goes to an origin, as JSON: on the platform it is not sent, but obeyed. */
export const CF_HEADER = "x-test-cf";

/** Where all backends live; the URL of one is `http://NAME.backends.example`. */
const DOMAIN = ".backends.example";

/** A copy comes within a round trip on loopback; past this it does not come. */
const COPY_TIMEOUT_MS = 10_000;

/** What came to a backend. */
export interface Received {
  readonly backend: string;
  readonly method: string;
  readonly path: string;
  readonly host: string;
  readonly headers: IncomingHttpHeaders;
  readonly isCopy: boolean;
}

export interface Backends {
  /** All outbound connections of the gateway go here, whatever they ask for. */
  readonly port: number;
  /** Has the backends behave so for one request of the data. */
  behave(id: string, behaviour: Behaviour): void;
  /** What came of one request of the data, in order. */
  arrivals(id: string): readonly Received[];
  /** Waits until that many copies of it have come to a backend; rejects where they do not come. */
  copied(id: string, backend: string, count: number): Promise<void>;
  close(): Promise<void>;
}

export const originOf = (backend: string): string => `http://${backend}${DOMAIN}`;

/** Which host is connected to: that of the URL, unless the platform is told another one (`resolve`). */
function connectedTo(request: IncomingMessage): string {
  const cf: unknown = JSON.parse(String(request.headers[CF_HEADER] ?? "{}"));
  if (typeof cf === "object" && cf !== null && "resolveOverride" in cf)
    return String(cf.resolveOverride);
  return request.headers.host ?? "";
}

/**
 * The network behind the gateway: one HTTP server on loopback that is every backend, each at its own host name, and
 * echoes. Which one a request is for it knows as the platform does: by the URL's host, or by `resolveOverride`.
 */
export async function startBackends(): Promise<Backends> {
  const behaviours = new Map<string, Behaviour>();
  const tries = new Map<string, number>();
  const came = new Map<string, Received[]>();
  const news = new EventEmitter().setMaxListeners(0);
  const sockets = new WebSocketServer({ noServer: true });
  sockets.on("headers", (headers, request) => {
    headers.push(`${BACKEND_HEADER}: ${note(request).backend}`);
  });

  function note(request: IncomingMessage): Received {
    const host = connectedTo(request);
    const arrival: Received = {
      backend: host.endsWith(DOMAIN) ? host.slice(0, -DOMAIN.length) : `nobody at ${host}`,
      method: request.method ?? "",
      path: request.url ?? "",
      host: request.headers.host ?? "",
      headers: request.headers,
      isCopy: request.headers[MIRROR_HEADER] !== undefined,
    };
    const id = String(request.headers[CASE_HEADER]);
    came.set(id, [...(came.get(id) ?? []), arrival]);
    news.emit("arrival");
    return arrival;
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { backend, isCopy } = note(request);
    const id = String(request.headers[CASE_HEADER]);
    const behaviour = isCopy ? {} : (behaviours.get(id) ?? {});
    const made = isCopy ? 0 : (tries.get(id) ?? 0) + 1;
    tries.set(id, made);
    request.resume();
    await once(request, "end");
    response.setHeader(BACKEND_HEADER, backend);
    if (made > 0 && made <= (behaviour.failFirst ?? 0)) {
      if (behaviour.failAfterMs !== undefined) await wait(behaviour.failAfterMs);
      if (behaviour.failWith === "reset") request.socket.resetAndDestroy();
      else response.writeHead(behaviour.failWith ?? 500).end();
      return;
    }
    if (behaviour.delayMs !== undefined) await wait(behaviour.delayMs);
    for (const [name, value] of Object.entries(behaviour.headers ?? {}))
      response.setHeader(name, value);
    response.end(backend);
  }

  const server = createServer((request, response) => {
    // Whoever asked has gone away.
    answer(request, response).catch(() => response.destroy());
  });
  server.on("upgrade", (request: IncomingMessage, socket, head) => {
    sockets.handleUpgrade(request, socket, head, (peer) => {
      peer.on("message", (data, isBinary) => peer.send(data, { binary: isBinary }));
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");

  const copiesOf = (id: string, backend: string) =>
    (came.get(id) ?? []).filter((one) => one.isCopy && one.backend === backend).length;
  return {
    port: (server.address() as AddressInfo).port,
    behave: (id, behaviour) => void behaviours.set(id, behaviour),
    arrivals: (id) => came.get(id) ?? [],
    async copied(id, backend, count) {
      const signal = AbortSignal.timeout(COPY_TIMEOUT_MS);
      while (copiesOf(id, backend) < count) {
        await once(news, "arrival", { signal }).catch(() => {
          throw new Error(`${copiesOf(id, backend)} of ${count} copies came to ${backend}`);
        });
      }
    },
    async close() {
      const closed = once(server, "close");
      for (const peer of sockets.clients) peer.terminate();
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
