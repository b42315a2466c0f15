import { createHash } from "node:crypto";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

import { Webhook } from "standardwebhooks";
import { afterAll, beforeAll, expect, test } from "vitest";

import { BASE } from "../../../src/api/base.ts";
import { startControl, type TestControl } from "../../support/gateway.ts";

const TOKEN = "a-token-of-these-tests";
const SECRET = `whsec_${Buffer.alloc(32, 7).toString("base64")}`;

const CANARY = {
  strategy: "canary",
  stable: "https://a.example.com",
  canary: "https://b.example.com",
  percent: 5,
  guard: { checks: [{ metric: "failures", maxIncrease: 1 }], notify: ["ops", "chat"] },
};

interface Received {
  readonly headers: Record<string, string>;
  readonly body: string;
}

let control: TestControl;
let server: Server;
/** Resolves with what came to a path. */
const received = new Map(
  ["/ops", "/chat"].map((path) => [path, Promise.withResolvers<Received>()]),
);

beforeAll(async () => {
  server = createServer((request, response) => {
    const headers = request.headers as Record<string, string>;
    const take = async () => {
      received.get(request.url ?? "")?.resolve({ headers, body: await text(request) });
      response.writeHead(204).end();
    };
    void take();
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const receivers = {
    ops: { url: `${url}/ops`, secret: SECRET },
    chat: { url: `${url}/chat`, format: "slack" },
  };
  const sha256 = createHash("sha256").update(TOKEN).digest("hex");
  const tokens = [{ name: "tests", sha256, role: "write", scope: "*" }];
  control = await startControl({
    policies: {},
    admin: {
      secrets: { ADMIN_TOKENS: JSON.stringify(tokens), WEBHOOKS: JSON.stringify(receivers) },
    },
  });
});

afterAll(async () => {
  await control?.close();
  server.close();
});

test("who a guard names hears of an edit, over a socket, signed and in its own format", async () => {
  const response = await fetch(`${control.url}${BASE}/routes/notices.example.com`, {
    method: "PUT",
    headers: {
      authorization: `Bearer ${TOKEN}`,
      "content-type": "application/json",
      "if-none-match": "*",
    },
    body: JSON.stringify({ policy: CANARY, note: "try the <new> page" }),
  });
  expect(response.status).toBe(201);
  const ops = await received.get("/ops")?.promise;
  const chat = await received.get("/chat")?.promise;
  const { body = "", headers = {} } = ops ?? {};
  expect(new Webhook(SECRET).verify(body, headers)).toMatchObject({
    type: "edit",
    data: {
      route: "notices.example.com",
      version: 1,
      words: expect.stringContaining("<new>") as unknown,
    },
  });
  expect(JSON.parse(chat?.body ?? "")).toEqual({
    text: expect.stringMatching(/^\*A route was changed\*\n.*&lt;new&gt;/) as unknown,
  });
});
