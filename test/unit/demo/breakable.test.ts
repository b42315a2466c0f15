import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

import { afterAll, beforeAll, expect, test } from "vitest";

import { breakable } from "../../../src/demo/breakable.ts";

const answers = breakable("new", async (_request, response) => void response.end("hello"));
const server = createServer((request, response) => void answers(request, response));
let url: string;

beforeAll(async () => {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());

async function ask(path: string, method = "GET", headers: Record<string, string> = {}) {
  const response = await fetch(url + path, { method, headers });
  return [response.status, await response.text()];
}

const BROKEN = [500, "new is broken\n"];
const WELL = [200, "hello"];

test("an origin fails from one request to itself on, whatever it is asked, until another", async () => {
  expect(await ask("/break")).toEqual(WELL);
  expect(await ask("/break", "POST")).toEqual([200, "new is broken now\n"]);
  expect(await ask("/")).toEqual(BROKEN);
  expect(await ask("/mend")).toEqual(BROKEN);
  expect(await ask("/mend", "POST")).toEqual([200, "new is well now\n"]);
  expect(await ask("/", "POST")).toEqual(WELL);
});

test("no visitor of a gateway turns the switch", async () => {
  const behind = { "x-forwarded-host": "guarded.localhost" };
  expect(await ask("/break", "POST", behind)).toEqual(WELL);
  await ask("/break", "POST");
  expect(await ask("/mend", "POST", behind)).toEqual(BROKEN);
  await ask("/mend", "POST");
  expect(await ask("/")).toEqual(WELL);
});
