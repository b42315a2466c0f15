import { existsSync } from "node:fs";
import { join } from "node:path";

import { afterAll, beforeAll, expect, test } from "vitest";

import { DEMO_TOKEN } from "../../src/cli/access/token.ts";
import { BASE } from "../../src/api/base.ts";
import { decodeVisitor } from "../../src/decide/visitor.ts";
import { DEMO_VISITOR_KEY } from "../../src/demo/environment.ts";
import { readKey } from "../../src/lib/siphash.ts";
import { CHECK_CHARS, idCheck } from "../../src/lib/visitor-digest.ts";
import { isFree, startDemo, type Demo } from "../support/demo.ts";
import { visit } from "../support/jar.ts";
import { ROOT } from "../unit/docs/markdown.ts";

let demo: Demo;

beforeAll(async () => {
  demo = await startDemo();
});
afterAll(async () => void (await demo.stop()));

const ask = async (host: string, headers: Record<string, string> = {}) =>
  visit(`${demo.control}${BASE}/routes`, {
    host,
    headers: { authorization: `Bearer ${DEMO_TOKEN}`, ...headers },
  });

test("the demo's API answers under loopback names, and not under a name that was made to lead here", async () => {
  for (const host of ["127.0.0.1", "localhost"])
    expect((await ask(`${host}:${demo.controlPort}`)).status).toBe(200);
  for (const host of [
    "evil.example.org",
    `evil.example.org:${demo.controlPort}`,
    "127.0.0.1.evil.org",
  ])
    expect((await ask(host)).status).toBe(404);
});

test("the demo's API answers no page of another site", async () => {
  const host = `127.0.0.1:${demo.controlPort}`;
  for (const origin of ["https://evil.example.org", "null", "http://localhost:1"])
    expect((await ask(host, { origin })).status).toBe(403);
  expect((await ask(host, { origin: `http://${host}` })).status).toBe(200);
});

test("the demo makes ids with its own key of visitors, where the environment has none", async () => {
  const seen = await visit(demo.url, { host: "ab.localhost" });
  const [cookie = ""] = seen.headers["set-cookie"] ?? [];
  const visitor = decodeVisitor(/^sy=([^;]*)/.exec(cookie)?.[1] ?? "");
  const key = readKey(DEMO_VISITOR_KEY);
  expect(visitor?.check).toBe(key && idCheck(key, visitor?.id ?? ""));
  expect(visitor?.check).toHaveLength(CHECK_CHARS);
});

test("the demo takes any free port for --port 0, says which, exits with 0 when told to stop, and leaves no data behind", async () => {
  const [, folder = ""] = / --persist-to (\S+)/.exec(demo.printed()) ?? [];
  expect(existsSync(join(ROOT, folder))).toBe(true);
  const seen = await visit(demo.url, { host: `single.localhost:${demo.port}` });
  expect(seen.json()).toMatchObject({ origin: "single" });
  expect(await demo.stop()).toBe(0);
  for (const one of [demo.port, demo.controlPort]) expect(await isFree(one)).toBe(true);
  expect(existsSync(join(ROOT, folder))).toBe(false);
});
