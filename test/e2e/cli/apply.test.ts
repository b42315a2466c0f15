import { writeFile } from "node:fs/promises";
import { join } from "node:path";

import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";

import type { TestControl } from "../../support/gateway.ts";
import { folder, sy as typed } from "../../unit/cli/shell.ts";
import { counted, type Counted } from "./counting.ts";
import { startApi, TOKENS } from "./gateway.ts";

/** Each takes a ledger of its own; what a route costs is the same for two as for a thousand. */
const ROUTES = 25;

let control: TestControl;
let wire: Counted;
let work: Awaited<ReturnType<typeof folder>>;

beforeAll(async () => {
  control = await startApi();
  wire = await counted(control.url);
});
afterAll(async () => {
  await wire.close();
  await control.close();
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

const canary = (percent: number) => ({
  strategy: "canary",
  stable: "https://v1.example.com",
  canary: "https://v2.example.com",
  percent,
});

describe("what somebody took back", () => {
  test("is not applied again unasked: the route is held with who and when, and the others go on", async () => {
    await write("held.json", canary(10));
    await write("other.json", canary(10));
    expect((await sy("apply", ".")).code).toBe(0);
    expect((await sy("abort", "held", "-m", "errors")).code).toBe(0);
    await write("other.json", canary(20));
    const line =
      /^! held {2}write did abort at 20\S+Z, as version 2; take that into the file, or add --override$/m;
    const planned = await sy("plan", ".");
    expect(planned).toMatchObject({ code: 1, out: expect.stringMatching(line) as string });
    const applied = await sy("apply", ".");
    expect(applied).toMatchObject({ code: 1, out: expect.stringMatching(line) as string });
    expect(applied.out).toMatch(
      /\n {2}version 2, published\n1 changed, 1 refused; 1 not applied\n$/,
    );
    expect(JSON.parse((await sy("get", "held")).out)).toMatchObject({ percent: 0 });
    expect(JSON.parse((await sy("apply", ".", "--dry-run", "--json")).out)).toMatchObject({
      routes: [{ key: "held", kind: "held", error: { code: "taken-back" } }, { kind: "same" }],
    });
    const forced = await sy("apply", ".", "--override");
    expect(forced).toMatchObject({ code: 0, out: expect.stringContaining("1 changed") as string });
    expect(JSON.parse((await sy("get", "held")).out)).toMatchObject({ percent: 10 });
  });
});

describe("under a value that somebody put to KV by hand", () => {
  const told = "replaced what somebody had put to KV by hand";

  test.each([["abort"], ["force", "stable"], ["rollback", "--to", "1"]])(
    "%s goes ahead with --override, and says what it replaced",
    async (name, ...more) => {
      const key = `drift-${name}`;
      await write(`${key}.json`, canary(10));
      expect((await sy("apply", `${key}.json`)).code).toBe(0);
      expect((await sy("promote", key, "--to", "20")).code).toBe(0);
      await control.put(key, canary(70));
      expect(await sy(name, key, ...more)).toMatchObject({
        code: 1,
        err: expect.stringContaining("in an emergency add --override") as string,
      });
      const done = await sy(name, key, ...more, "--override");
      expect(done).toMatchObject({ code: 0, err: expect.stringContaining(told) as string });
      expect((await sy("history", key)).out).toContain("* is what KV has");
    },
  );

  test("apply goes ahead with --override, and tells how without", async () => {
    await write("drifted.json", canary(10));
    expect((await sy("apply", "drifted.json")).code).toBe(0);
    await control.put("drifted", canary(70));
    expect(await sy("apply", "drifted.json")).toMatchObject({
      code: 1,
      err: expect.stringContaining("sy republish drifted or --override") as string,
    });
    expect((await sy("apply", "drifted.json", "--override")).code).toBe(0);
    expect((await sy("history", "drifted")).out).toContain("* is what KV has");
  });

  test("what is not a policy serves nobody, and stands in nobody's way", async () => {
    await write("garbled.json", canary(10));
    expect((await sy("apply", "garbled.json")).code).toBe(0);
    await control.put("garbled", "{ nonsense \u001B[2J");
    const { code, err } = await sy("abort", "garbled");
    expect([code, err]).toEqual([0, `${told} (15 bytes): { nonsense \uFFFD[2J\n`]);
  });
});

describe("an action that has nothing to do", () => {
  test.each([
    ["abort", canary(0), []],
    ["unforce", canary(5), []],
    ["resume", canary(5), []],
    ["force", { ...canary(5), force: "stable" }, ["stable"]],
  ])("%s says so, and exits with 0", async (action, policy, more) => {
    const key = `idle-${action}`;
    await write(`${key}.json`, policy);
    expect((await sy("apply", `${key}.json`)).code).toBe(0);
    const { code, out } = await sy(action, key, ...more);
    expect([code, out]).toEqual([0, expect.stringMatching(/ {2}version 1 {2}nothing to do/)]);
  });
});

describe("what is valid and hardly meant", () => {
  test("is a warning below its route, in plan and apply, and no reason to stop", async () => {
    await write("warned.json", { ...canary(10), sticky: { by: ["cookie", "ip"] } });
    const warning = /^ {2}warning: \$\.sticky\.by\S*: .+; .+$/m;
    expect(await sy("plan", "warned.json")).toMatchObject({
      code: 2,
      out: expect.stringMatching(warning) as string,
    });
    expect(await sy("apply", "warned.json")).toMatchObject({
      code: 0,
      out: expect.stringMatching(warning) as string,
    });
  });
});

describe("what apply costs", () => {
  test("one plan and one commit for each route, and one plan where nothing is to be done", async () => {
    const files = Array.from({ length: ROUTES }, (_, n) => `t${n}.json`);
    for (const [n, file] of files.entries())
      await write(file, { origin: `https://o${n}.example.com` });
    expect((await sy("apply", ".")).out).toMatch(new RegExp(`\\n${ROUTES} new\\n$`));
    const first = perRoute();
    expect(first.size).toBe(ROUTES);
    for (const [, requests] of first) expect(requests).toEqual(["POST /preview", "PUT"]);
    wire.requests.length = 0;
    expect((await sy("apply", ".")).out).toMatch(new RegExp(`\\n${ROUTES} unchanged\\n$`));
    for (const [, requests] of perRoute()) expect(requests).toEqual(["POST /preview"]);
    wire.requests.length = 0;
    expect((await sy("plan", ".")).code).toBe(0);
    for (const [, requests] of perRoute()) expect(requests).toEqual(["POST /preview"]);
  });
});
