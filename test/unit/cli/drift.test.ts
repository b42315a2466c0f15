import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";

import type { Route } from "../../../src/api/client/reads.ts";
import type { VersionLine } from "../../../src/api/versions.ts";
import { folder, sy } from "./shell.ts";

const ORIGIN = "https://a.example.com";
const ROUTE: Route = {
  key: "shop",
  version: 3,
  published: 3,
  policy: ORIGIN,
  author: "ann",
  at: "2026-12-01T12:00:00Z",
  note: "",
  action: "put",
  publishing: { attempts: 0, retryAt: null },
  drift: null,
};
const VERSION: VersionLine = {
  version: 3,
  deleted: false,
  action: "put",
  author: "ann",
  at: "2026-12-01T12:00:00Z",
  note: "",
};

/** What the gateway says of the route: KV tells of a deletion two minutes late, which no test waits for. */
let told: Route;
let server: Server;
let url: string;
let work: Awaited<ReturnType<typeof folder>>;

beforeAll(async () => {
  server = createServer((request, response) => {
    const isList = request.url?.includes("/versions") === true;
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify(isList ? { versions: [VERSION], cursor: null } : told));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  work = await folder();
});
afterAll(async () => {
  server.close();
  await work.remove();
});
beforeEach(() => {
  told = ROUTE;
});

const type = async (...argv: string[]) => sy({ cwd: work.cwd, env: { SY_URL: url } }, ...argv);

const DELETED = { text: null, tooLong: false };
const CHANGED = { text: '"https://b.example.com"', tooLong: false };

test.each<[string, Partial<Route>, string[]]>([
  ["nothing by hand", {}, []],
  ["a version on its way", { published: 2 }, ["KV still has version 2, not this one"]],
  [
    "a value that was deleted",
    { drift: DELETED },
    [
      "KV has no value: version 3 was deleted there by hand",
      "delete the route here too with: sy adopt shop",
      "or put version 3 back with: sy republish shop",
    ],
  ],
  [
    "another value",
    { drift: CHANGED },
    [
      "KV has another value than version 3, put there by hand:",
      '  ~ $: "https://a.example.com" → "https://b.example.com"',
      "take it in with: sy adopt shop",
      "or put version 3 back with: sy republish shop",
    ],
  ],
  [
    "a value that is too long",
    { drift: { text: null, tooLong: true } },
    [
      "KV has another value than version 3, put there by hand:",
      "  it is too long to be a policy",
      "take it in with: sy adopt shop",
      "or put version 3 back with: sy republish shop",
    ],
  ],
  [
    "a value without a history",
    { version: 0, published: 0, policy: null, drift: CHANGED },
    [
      "KV has a value that was put there by hand:",
      '  "https://b.example.com"',
      "take it in with: sy adopt shop",
    ],
  ],
])("sy get says of KV: %s", async (_, drift, lines) => {
  told = { ...ROUTE, ...drift };
  const { code, err } = await type("get", "shop");
  expect([code, err.split("\n").slice(0, -1)]).toEqual([0, lines]);
});

test.each<[Route["drift"], string]>([
  [null, ""],
  [DELETED, "KV has none of these: its value was deleted by hand; see sy get shop\n"],
  [CHANGED, "KV has none of these, but a value put there by hand: see sy get shop\n"],
])("sy history says of KV, where drift is %j: %s", async (drift, line) => {
  told = { ...ROUTE, drift };
  expect((await type("history", "shop")).err).toBe(line);
});
