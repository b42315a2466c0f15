import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

/** What an origin does with a request once it has counted it. */
export const ILLS = ["hang", "reset", "500"] as const;
type Health = (typeof ILLS)[number] | "well";

/** An origin that keeps nothing of a request but its count. */
export interface CountingOrigin {
  readonly url: string;
  readonly count: number;
  be(health: Health): void;
  close(): Promise<void>;
}

export async function startCounting(): Promise<CountingOrigin> {
  let count = 0;
  let health: Health = "well";
  const server = createServer((request, response) => {
    count += 1;
    if (health === "reset") request.socket.resetAndDestroy();
    else if (health === "500") response.writeHead(500).end("ill");
    else if (health === "well") response.end("well");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    get count() {
      return count;
    },
    be: (next) => {
      health = next;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
