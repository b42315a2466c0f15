import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

import type { Health } from "../../../src/api/health-form.ts";
import { RELEASE } from "../../../src/lib/release.ts";

/** What is answered to a request: a body as JSON with its status, or nothing ever. */
export type Said = { readonly status?: number; readonly body: unknown } | "nothing";

/** Stands for a control plane that is not well, or hostile: what the real one never says. */
export async function standIn(say: (path: string, request: IncomingMessage) => Said) {
  const seen: IncomingMessage[] = [];
  const waiting: (() => void)[] = [];
  const server = createServer((request, response) => {
    seen.push(request);
    for (const tell of waiting.splice(0)) tell();
    const said = say(request.url ?? "", request);
    if (said === "nothing") return;
    const { status = 200, body } = said;
    const type = status < 400 ? "application/json" : "application/problem+json";
    response.writeHead(status, { "content-type": type });
    response.end(JSON.stringify(body));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    seen,
    /** Waits for one request more. */
    asked: async () => new Promise<void>((resolve) => void waiting.push(resolve)),
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

/** A refusal as the API tells it. */
export const problem = (status: number, code: string, more: object = {}): Said => ({
  status,
  body: { type: "about:blank", title: code, status, code, ...more },
});

const OK = { status: "ok", words: "well" } as const;

/** A control plane in good health, but for what is changed. */
export function healthy(parts: Partial<Health["parts"]> = {}): Health {
  return {
    status: "ok",
    at: "2026-12-01T12:00:00.000Z",
    caller: { name: "me", role: "write", scope: ["*"] },
    parts: {
      config: {
        ...OK,
        environment: "production",
        tenantBy: ["host", "path"],
        privateOrigins: false,
        visitorKey: true,
        overrideSecret: true,
        sessionKey: true,
        limiter: true,
        hubDailyReports: null,
      },
      kv: { ...OK, ms: 1 },
      ledger: { ...OK, ms: 1 },
      hub: { ...OK, reportedAt: "2026-12-01T11:59:59.000Z", shards: [] },
      version: { ...OK, control: RELEASE, gateways: [RELEASE] },
      ...parts,
    },
  };
}
