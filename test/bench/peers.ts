/**
 * What stands around the Workers: an origin and a KV namespace, in a process of their own, so that nothing they do is
 * counted as a Worker's. Started by `startPeers` in peers-client.ts, with which it speaks over Node's IPC.
 */
import { createServer, type AddressInfo } from "node:net";
import { frames, type OnMessage } from "./frames.ts";

/** A small page: what a request costs beside its bytes is the question here. */
const BODY_BYTES = 1024;

const body = "x".repeat(BODY_BYTES);
const PAGE = Buffer.from(
  [
    "HTTP/1.1 200 OK",
    "Date: Tue, 01 Dec 2026 09:00:00 GMT",
    "Content-Type: text/html; charset=utf-8",
    `Content-Length: ${BODY_BYTES}`,
    "Connection: keep-alive",
    "Cache-Control: max-age=60",
    'ETag: "3f9c2b1a"',
    "Last-Modified: Mon, 30 Nov 2026 09:00:00 GMT",
    "Vary: Accept-Encoding",
    "X-Content-Type-Options: nosniff",
    "Server: bench",
    "",
    body,
  ].join("\r\n"),
  "latin1",
);

/** Namespace → key → value. */
const namespaces = new Map<string, Map<string, string>>();
const reads = new Map<string, number>();

function answer(status: string, text: string): Buffer {
  const bytes = Buffer.from(text);
  return Buffer.concat([
    Buffer.from(`HTTP/1.1 ${status}\r\nContent-Length: ${bytes.length}\r\n\r\n`, "latin1"),
    bytes,
  ]);
}

const NAMESPACE = /\r\nx-bench-namespace:[ \t]*([^\r]*)/i;

/** Workers KV as workerd speaks it: `GET /<key>`, and `POST /bulk/get` for several keys. */
function readKv(head: string, text: string): Buffer {
  const name = NAMESPACE.exec(head)?.[1] ?? "";
  const values = namespaces.get(name);
  reads.set(name, (reads.get(name) ?? 0) + 1);
  const [method, target = "/"] = head.split(" ", 2);
  if (method === "POST") {
    const { keys, withMetadata } = JSON.parse(text) as { keys: string[]; withMetadata?: boolean };
    const told = (value: string | null) =>
      withMetadata === true ? { value, metadata: null } : value;
    return answer(
      "200 OK",
      JSON.stringify(Object.fromEntries(keys.map((key) => [key, told(values?.get(key) ?? null)]))),
    );
  }
  const value = values?.get(decodeURIComponent(target.slice(1).split("?", 1)[0] ?? ""));
  return value === undefined ? answer("404 Not Found", "") : answer("200 OK", value);
}

async function listen(respond: (head: string, text: string) => Buffer): Promise<number> {
  const server = createServer({ noDelay: true }, (socket) => {
    const onMessage: OnMessage = (head, text) => socket.write(respond(head, text));
    socket.on("data", frames(onMessage));
    socket.on("error", () => socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

export interface Ready {
  readonly origin: number;
  readonly kv: number;
}

/** Fills a namespace, or asks how many reads it has had. */
export type Order =
  | { readonly fill: string; readonly values: readonly (readonly [string, string])[] }
  | { readonly count: string };

process.on("message", (order: Order) => {
  if ("fill" in order) namespaces.set(order.fill, new Map(order.values));
  process.send?.({ reads: "count" in order ? (reads.get(order.count) ?? 0) : 0 });
});
process.on("disconnect", () => process.exit(0));
process.send?.({ origin: await listen(() => PAGE), kv: await listen(readKv) } satisfies Ready);
