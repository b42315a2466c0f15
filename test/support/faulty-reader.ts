import type { Socket } from "node:net";

/** The head of a request, and what of its body came with it. */
export interface RequestHead {
  readonly method: string;
  readonly path: string;
  /** Lower-case names; a repeated header keeps its last value. */
  readonly headers: ReadonlyMap<string, string>;
  /** The bytes after the head, one character each. */
  readonly rest: string;
}

/** Collects from the socket until `done` says enough; undefined if the client hangs up first. */
function collect(
  socket: Socket,
  begun: string,
  done: (text: string) => boolean,
): Promise<string | undefined> {
  return new Promise((resolve) => {
    let text = begun;
    const finish = (result: string | undefined) => {
      socket.off("data", take).off("close", hungUp);
      resolve(result);
    };
    const hungUp = () => finish(undefined);
    const take = (chunk: Buffer) => {
      text += chunk.toString("latin1");
      if (done(text)) finish(text);
    };
    if (done(text)) {
      resolve(text);
      return;
    }
    socket.on("data", take).on("close", hungUp);
  });
}

/** Reads a request's head; undefined if the client hangs up before its end. */
export async function readHead(socket: Socket): Promise<RequestHead | undefined> {
  const text = await collect(socket, "", (sofar) => sofar.includes("\r\n\r\n"));
  if (text === undefined) return undefined;
  const end = text.indexOf("\r\n\r\n");
  const [first = "", ...lines] = text.slice(0, end).split("\r\n");
  const [method = "", path = ""] = first.split(" ");
  const headers = new Map(
    lines.map((line) => {
      const colon = line.indexOf(":");
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()] as const;
    }),
  );
  return { method, path, headers, rest: text.slice(end + 4) };
}

/**
 * Reads the body to its end, so that closing the connection does not reset it under an answer on its way. Sends
 * 100 Continue where the client waits for it. Knows no chunk extensions and no trailers: its clients send none.
 */
export async function readToEnd(socket: Socket, request: RequestHead): Promise<void> {
  if (request.headers.get("expect") === "100-continue") {
    socket.write("HTTP/1.1 100 Continue\r\n\r\n");
  }
  const length = Number(request.headers.get("content-length") ?? 0);
  const chunked = request.headers.get("transfer-encoding") === "chunked";
  await collect(socket, request.rest, (body) =>
    chunked ? body.endsWith("0\r\n\r\n") : body.length >= length,
  );
}
