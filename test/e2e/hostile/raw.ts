import { connect } from "node:net";

/** How long a connection may stay silent before it counts as left hanging. */
const SILENCE_MS = 3000;

export interface RawAnswer {
  /** Of the first response; 0 where none came. */
  readonly status: number;
  /** Lower-case names; repeated fields joined by a line feed. */
  readonly headers: ReadonlyMap<string, string>;
  /** The bytes after the first head, chunk framing and all, one character each. */
  readonly body: string;
  /** Status codes of all responses on the connection, in order, interim ones included. */
  readonly statuses: readonly number[];
  /** Whether the peer went silent without closing. */
  readonly silent: boolean;
}

/** The fields of a head by name. */
function fieldsOf(head: string): Map<string, string> {
  const fields = new Map<string, string>();
  for (const line of head.split("\r\n").slice(1)) {
    const colon = line.indexOf(":");
    const name = line.slice(0, colon).toLowerCase();
    const value = line.slice(colon + 1).trim();
    const earlier = fields.get(name);
    fields.set(name, earlier === undefined ? value : `${earlier}\n${value}`);
  }
  return fields;
}

/**
 * Writes bytes, one per character, as no HTTP client would let one, and reads until the peer closes or falls silent.
 * Never rejects: a reset is an answer too.
 */
export function sendRaw(port: number, bytes: string, silenceMs = SILENCE_MS): Promise<RawAnswer> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    let text = "";
    let silent = false;
    socket.on("data", (chunk: Buffer) => (text += chunk.toString("latin1")));
    // What closes the connection with an error ends it all the same.
    socket.on("error", () => {});
    socket.setTimeout(silenceMs, () => {
      silent = true;
      socket.destroy();
    });
    socket.on("close", () => {
      const end = text.indexOf("\r\n\r\n");
      const head = end === -1 ? text : text.slice(0, end);
      const statuses = [...text.matchAll(/HTTP\/1\.[01] (\d{3})/g)].map(([, code]) => Number(code));
      resolve({
        status: statuses[0] ?? 0,
        headers: fieldsOf(head),
        body: end === -1 ? "" : text.slice(end + 4),
        statuses,
        silent,
      });
    });
    socket.write(Buffer.from(bytes, "latin1"));
  });
}

/** A request's bytes: `Connection: close` is added, so that the answer has an end. */
export function requestBytes(
  target: string,
  {
    method = "GET",
    host = "shop.example.com",
    fields = [],
    body = "",
  }: {
    readonly method?: string;
    /** `undefined` for the default; an empty list for no Host at all. */
    readonly host?: string | readonly string[];
    /** Whole lines. */
    readonly fields?: readonly string[];
    readonly body?: string;
  } = {},
): string {
  const hosts = (typeof host === "string" ? [host] : host).map((one) => `Host: ${one}`);
  return [`${method} ${target} HTTP/1.1`, ...hosts, ...fields, "Connection: close", "", body].join(
    "\r\n",
  );
}
