import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { buffer } from "node:stream/consumers";

/** A gateway behind a wire that writes down what goes through it: `METHOD path`. */
export interface Counted {
  readonly url: string;
  readonly requests: string[];
  readonly close: () => Promise<void>;
}

/** Stands before a gateway and passes every request on as it is, once `hold` has let it go. */
export async function counted(
  gateway: string,
  hold: () => Promise<void> = () => Promise.resolve(),
): Promise<Counted> {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    const { method = "GET", url = "/" } = request;
    requests.push(`${method} ${url}`);
    const { host: _host, connection: _connection, ...headers } = request.headers;
    const pass = async (): Promise<void> => {
      const body = await buffer(request);
      await hold();
      const answer = await fetch(gateway + url, {
        method,
        headers: headers as Record<string, string>,
        body: body.length === 0 ? null : new Uint8Array(body),
      });
      response.writeHead(answer.status, {
        "content-type": answer.headers.get("content-type") ?? "",
      });
      response.end(Buffer.from(await answer.arrayBuffer()));
    };
    pass().catch(() => response.destroy());
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    close: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}
