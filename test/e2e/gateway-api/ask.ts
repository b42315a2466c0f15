import { once } from "node:events";
import { Agent, request as httpRequest, type IncomingMessage } from "node:http";
import { WebSocket } from "ws";

import { BACKEND_HEADER, CASE_HEADER } from "./backends.ts";
import type { Case } from "./cases.ts";

/** Tells the runtime by which scheme the visitor came, as a TLS terminator in front of it would. */
export const SCHEME_HEADER = "x-test-scheme";

type Asked = Case["request"];

/** What a visitor got. */
export interface Answer {
  readonly status: number;
  /** By name in lower case; repeated fields stand with commas between. */
  readonly headers: ReadonlyMap<string, string>;
  /** Which backend it comes from; `null` where the gateway answered by itself. */
  readonly backend: string | null;
  /** Whether each frame that was sent came back; of a WebSocket only. */
  readonly echoed?: boolean;
}

function answerOf(head: IncomingMessage): Omit<Answer, "echoed"> {
  const headers = new Map(
    Object.entries(head.headersDistinct).map(([name, values]) => [name, (values ?? []).join(", ")]),
  );
  return {
    status: head.statusCode ?? 0,
    headers,
    backend: headers.get(BACKEND_HEADER) ?? null,
  };
}

/** The authority that a visitor names: `port` of the request, or what the host says itself. */
export function authorityOf(request: Asked, anyHost: string): string {
  const host = request.host ?? anyHost;
  return request.port === undefined ? host : `${host}:${request.port}`;
}

function fieldsOf(request: Asked, id: string, anyHost: string): Record<string, string> {
  return {
    ...request.headers,
    host: authorityOf(request, anyHost),
    [CASE_HEADER]: id,
    [SCHEME_HEADER]: request.scheme ?? "http",
  };
}

async function askWebSocket(
  port: number,
  { path, websocket }: Asked,
  headers: Record<string, string>,
): Promise<Answer> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}${path}`, { headers });
  const heads: IncomingMessage[] = [];
  socket.on("upgrade", (head) => heads.push(head));
  const refused = once(socket, "unexpected-response");
  const opened = await Promise.race([once(socket, "open").then(() => true), refused]);
  if (opened !== true) {
    const [, head] = (await refused) as [unknown, IncomingMessage];
    socket.terminate();
    return { ...answerOf(head), echoed: false };
  }
  let echoed = true;
  for (const frame of websocket?.frames ?? []) {
    const isBinary = "bytes" in frame;
    const sent = isBinary ? Buffer.from(frame.bytes) : Buffer.from(frame.text);
    socket.send(sent, { binary: isBinary });
    const [got, gotBinary] = (await once(socket, "message")) as [Buffer, boolean];
    echoed &&= sent.equals(got) && gotBinary === isBinary;
  }
  socket.close();
  const [head] = heads;
  if (head === undefined) throw new Error("a WebSocket opened without a head");
  return { ...answerOf(head), echoed };
}

/** A visitor without cookies, over keep-alive connections of their own. */
export class Visitor {
  readonly #agent = new Agent({ keepAlive: true });
  readonly #port: number;
  readonly #anyHost: string;

  /** `anyHost` is named where a request names no host. */
  constructor(port: number, anyHost: string) {
    this.#port = port;
    this.#anyHost = anyHost;
  }

  async ask(request: Asked, id: string): Promise<Answer> {
    const headers = fieldsOf(request, id, this.#anyHost);
    if (request.websocket !== undefined) return askWebSocket(this.#port, request, headers);
    const sent = httpRequest({
      agent: this.#agent,
      host: "127.0.0.1",
      port: this.#port,
      method: request.method,
      path: request.path,
      headers,
    });
    sent.end();
    const [head] = (await once(sent, "response")) as [IncomingMessage];
    head.resume();
    await once(head, "end");
    return answerOf(head);
  }

  leave(): void {
    this.#agent.destroy();
  }
}
