import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

import { breakable } from "./breakable.ts";
import { answer } from "./origin.ts";
import { LOOPBACK } from "./port.ts";

/** Every demo origin; policies.ts says which variant each one serves. */
const ORIGIN_NAMES = [
  "single",
  "ab-control",
  "ab-bold",
  "ab-calm",
  "canary-stable",
  "canary-new",
  "guarded-stable",
  "guarded-new",
  "blue",
  "green",
  "shop-front",
  "shop-admin",
  "shop-api",
  "store-stable",
  "store-new",
  "storefrontA",
  "storefrontB",
] as const;

type OriginName = (typeof ORIGIN_NAMES)[number];
/** Where each origin listens: `http://127.0.0.1:<port>`. */
export type OriginUrls = Readonly<Record<OriginName, string>>;

export interface Origins {
  readonly urls: OriginUrls;
  /** Ends every server, with the connections still open to it. */
  readonly close: () => Promise<void>;
}

/** Starts one real HTTP server for each name, on free ports of the loopback address. */
export async function startOrigins(): Promise<Origins> {
  const started = await Promise.all(ORIGIN_NAMES.map(async (name) => startOrigin(name)));
  const urls = Object.fromEntries(started.map(({ name, url }) => [name, url]));
  return {
    urls: urls as Record<OriginName, string>,
    close: async () => {
      await Promise.all(started.map(async ({ server }) => closeServer(server)));
    },
  };
}

async function startOrigin(name: OriginName) {
  const answers = breakable(name, async (request, response) => answer(name, request, response));
  const server = createServer((request, response) => {
    answers(request, response).catch(() => response.destroy());
  });
  server.listen(0, LOOPBACK);
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return { name, server, url: `http://${LOOPBACK}:${port}` };
}

async function closeServer(server: Server): Promise<void> {
  const closed = once(server, "close");
  server.close();
  server.closeAllConnections();
  await closed;
}
