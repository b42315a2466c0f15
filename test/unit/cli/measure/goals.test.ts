import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";

import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";

import { folder, sy } from "../shell.ts";

interface Posted {
  readonly goals: readonly { readonly id: string }[];
}

/** The first and the last goal of each request, and how many there were. */
let requests: string[] = [];
/** Which request is refused; none where it is 0. */
let refused = 0;
let work: Awaited<ReturnType<typeof folder>>;

/** Takes goals as docs/control-api.md says: what `sy` sends is looked at, not what becomes of it. */
const server = createServer((request, response) => {
  const take = async (): Promise<void> => {
    const { goals } = (await json(request)) as Posted;
    requests.push(`${goals[0]?.id} to ${goals.at(-1)?.id}: ${goals.length}`);
    const wrong = requests.length === refused;
    const problem = { type: "about:blank", title: "no", status: 422, code: "unknown-goal" };
    const issues = [{ path: "$.goals[0].name", message: "is unknown", fix: "name another" }];
    const type = wrong ? "application/problem+json" : "application/json";
    response.writeHead(wrong ? 422 : 200, { "content-type": type });
    const taken = { taken: goals.length - 1, known: 1, unknown: 0 };
    response.end(JSON.stringify(wrong ? { ...problem, requestId: "x", issues } : taken));
  };
  take().catch(() => response.destroy());
});

beforeAll(async () => {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const lines = Array.from({ length: 2500 }, (_, n) =>
    JSON.stringify({ digest: "0123456789abcdef", name: "purchase", id: `o${n + 1}` }),
  );
  work = await folder({ "orders.ndjson": `${lines.join("\n")}\n`, "bad.ndjson": "{}\n\n{" });
});
afterAll(async () => {
  server.close();
  server.closeAllConnections();
  await work.remove();
});
beforeEach(() => {
  requests = [];
  refused = 0;
});

const type = async (...argv: string[]) => {
  const { port } = server.address() as AddressInfo;
  return sy({ cwd: work.cwd, env: { SY_URL: `http://127.0.0.1:${port}` } }, "goals", ...argv);
};

test("goals go out a thousand at a time, and what became of them is added up", async () => {
  const { code, out } = await type("shop.example.com", "orders.ndjson");
  expect([code, out]).toEqual([
    0,
    "2 497 taken, 3 known already, 0 of visitors in no experiment\n",
  ]);
  expect(requests).toEqual(["o1 to o1000: 1000", "o1001 to o2000: 1000", "o2001 to o2500: 500"]);
  const asJson = await type("shop.example.com", "orders.ndjson", "--json");
  expect(JSON.parse(asJson.out)).toEqual({ taken: 2497, known: 3, unknown: 0 });
});

test("where one request is refused, the lines that were not taken are named", async () => {
  refused = 2;
  const { code, out, err } = await type("shop.example.com", "orders.ndjson");
  expect([code, out]).toEqual([1, ""]);
  expect(err).toBe(
    "sy: lines from 1001 on were not taken: $.goals[0].name: is unknown; name another\n",
  );
});

test("a line that is not JSON is named, and nothing is sent", async () => {
  const { code, err } = await type("shop.example.com", "bad.ndjson");
  expect(code).toBe(1);
  expect(err).toMatch(/^sy: line 3 is not JSON: .*; mend it, and run this again\n$/);
  expect(requests).toEqual([]);
});

test("a file that is not there is named", async () => {
  const { code, err } = await type("shop.example.com", "nowhere.ndjson");
  expect([code, err]).toEqual([1, expect.stringMatching(/^sy: there is no ".*nowhere\.ndjson"/)]);
});
