import { writeFile } from "node:fs/promises";
import { join } from "node:path";

import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";

import type { TestGateway } from "../../support/gateway.ts";
import { folder, sy as typed } from "../../unit/cli/shell.ts";
import { counted, type Counted } from "./counting.ts";
import { startWithApi, TOKENS } from "./gateway.ts";

const ROUTES = 100;

let gateway: TestGateway;
let wire: Counted;
let work: Awaited<ReturnType<typeof folder>>;

beforeAll(async () => {
  gateway = await startWithApi();
  wire = await counted(gateway.url);
});
afterAll(async () => {
  await wire.close();
  await gateway.close();
});
beforeEach(async () => {
  work = await folder();
  wire.requests.length = 0;
  return async () => work.remove();
});

const sy = async (...argv: string[]) =>
  typed({ cwd: work.cwd, env: { SY_URL: wire.url, SY_TOKEN: TOKENS.write } }, ...argv);

async function write(file: string, policy: unknown): Promise<void> {
  await writeFile(join(work.cwd, file), JSON.stringify(policy));
}

/** How often each kind of request went over the wire, by route. */
function perRoute(): Map<string, string[]> {
  const routes = new Map<string, string[]>();
  for (const request of wire.requests) {
    const [, key = "", below = ""] = /\/routes\/([^/?]+)(\/\w+)?/.exec(request) ?? [];
    const [method] = request.split(" ");
    routes.set(key, [...(routes.get(key) ?? []), `${method} ${below}`.trim()]);
  }
  return routes;
}

describe("what apply costs", () => {
  test("one plan and one commit for each of a hundred routes, and one plan where nothing is to be done", async () => {
    const files = Array.from({ length: ROUTES }, (_, n) => `t${n}.json`);
    for (const [n, file] of files.entries())
      await write(file, { origin: `https://o${n}.example.com` });
    expect((await sy("apply", ".")).out).toMatch(/\n100 new\n$/);
    const first = perRoute();
    expect(first.size).toBe(ROUTES);
    for (const [, requests] of first) expect(requests).toEqual(["POST /preview", "PUT"]);
    wire.requests.length = 0;
    expect((await sy("apply", ".")).out).toMatch(/\n100 unchanged\n$/);
    for (const [, requests] of perRoute()) expect(requests).toEqual(["POST /preview"]);
    wire.requests.length = 0;
    expect((await sy("plan", ".")).code).toBe(0);
    for (const [, requests] of perRoute()) expect(requests).toEqual(["POST /preview"]);
  });
});
