import { writeFile } from "node:fs/promises";
import { join } from "node:path";

import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";

import type { TestControl } from "../../support/gateway.ts";
import { folder, sy as typed, type Outcome } from "../../unit/cli/shell.ts";
import { startApi, TOKENS } from "./gateway.ts";

let control: TestControl;
let work: Awaited<ReturnType<typeof folder>>;
let name = 0;
/** The route of one test: a host of its own. */
let host: string;

beforeAll(async () => {
  control = await startApi();
});
afterAll(async () => control.close());
beforeEach(async () => {
  name += 1;
  host = `term${name}.example.com`;
  work = await folder();
  return async () => work.remove();
});

const env = () => ({ SY_URL: control.url, SY_TOKEN: TOKENS.write });
const sy = async (...argv: string[]): Promise<Outcome> =>
  typed({ cwd: work.cwd, env: env() }, ...argv);
/** At a terminal where somebody types this answer. */
const answering = async (stdin: string, ...argv: string[]): Promise<Outcome> =>
  typed({ cwd: work.cwd, env: env(), interactive: true, stdin }, ...argv);

async function given(policy: unknown): Promise<void> {
  await writeFile(join(work.cwd, `${host}.json`), JSON.stringify(policy));
  expect(await sy("apply", `${host}.json`)).toMatchObject({ code: 0 });
}
const read = async () => JSON.parse((await sy("get", host)).out) as Record<string, unknown>;

const canary = (more: object) => ({
  strategy: "canary",
  stable: "https://v1.example.com",
  canary: "https://v2.example.com",
  ...more,
});
const split = (...weights: number[]) => ({
  strategy: "weighted",
  variants: weights.map((weight, n) => ({
    name: ["control", "bold", "calm"][n],
    origin: `https://v${n}.example.com`,
    weight,
  })),
});

describe("what many visitors notice is asked about at a terminal", () => {
  const hour = { percent: 5, holdSeconds: 3600 };
  test.each([
    ["promote --to 100", { percent: 5 }, ["--to", "100"]],
    ["promote of a fixed percent", { percent: 5 }, []],
    [
      "promote to a ramp's last step",
      {
        ramp: {
          startAt: "2026-01-01T00:00:00Z",
          steps: [hour, { percent: 100 }],
          pausedAt: "2026-01-01T00:10:00Z",
        },
      },
      [],
    ],
  ])("%s", async (_what, policy, more) => {
    await given(canary(policy));
    for (const answer of ["n\n", "\n", ""]) {
      const refused = await answering(answer, "promote", host, ...more);
      expect(refused.code).toBe(1);
      expect(refused.err).toContain('Everybody gets "canary" then. Go on? [y/N] ');
      expect(refused.err).toContain("sy: nothing was changed; answer y, or add --yes\n");
    }
    expect(await read()).toMatchObject(policy);
    expect((await answering("y\n", "promote", host, ...more)).code).toBe(0);
    expect((await sy("history", host)).out).toContain("promote");
  });

  test("a smaller promotion is not", async () => {
    await given(canary({ percent: 5 }));
    const { code, err } = await answering("", "promote", host, "--to", "50");
    expect([code, err]).toEqual([0, ""]);
  });

  test("force and delete, but neither with --yes nor where nobody sits", async () => {
    await given(split(50, 50));
    expect((await answering("n\n", "force", host, "bold")).err).toContain(
      `Everybody of ${host} gets "bold" then, ahead of everything. Go on?`,
    );
    expect((await answering("n\n", "delete", host)).err).toContain(`Delete the route ${host}?`);
    expect(await read()).not.toHaveProperty("force");
    expect(await answering("", "force", host, "bold", "--yes")).toMatchObject({ code: 0, err: "" });
    expect(await sy("force", host, "control")).toMatchObject({ code: 0, err: "" });
    expect(await answering("yes\n", "delete", host)).toMatchObject({ code: 0 });
    expect((await sy("get", host)).code).toBe(1);
  });
});

describe("weights", () => {
  test("are told as the shares they come to", async () => {
    await given(split(50, 30, 20));
    const { out } = await sy("weights", host, "control=20", "bold=0");
    expect(out).toMatch(/\n {2}now: control 50\.0 %, bold 0\.0 %, calm 50\.0 %\n$/);
  });

  test.each([
    [["control=1", "control=2"], 'the weight of "control" is given twice; give it once'],
    [["__proto__=5"], '"__proto__" is not the name of a variant; see sy get for their names'],
    [["constructor=5"], '"constructor" is not the name of a variant'],
    [["=5"], '"=5" is not a weight'],
    [["control=-5"], 'control must be a whole number from 0 to 1000000, not "-5"'],
    [["control=1e3"], 'control must be a whole number from 0 to 1000000, not "1e3"'],
  ])("refuse %j", async (pairs, message) => {
    const { code, err } = await sy("weights", host, ...pairs);
    expect([code, err]).toEqual([64, expect.stringContaining(message)]);
  });

  test("take names that begin with a dash, after --", async () => {
    const named = split(1, 1);
    await given({
      ...named,
      variants: named.variants.map((one) => ({ ...one, name: `-${one.name}` })),
    });
    expect((await sy("weights", host, "--", "-control=3")).out).toContain("now: -control 75.0 %");
    expect((await sy("force", host, "--", "-bold")).code).toBe(0);
    expect(await read()).toMatchObject({ force: "-bold" });
  });
});

describe("renew", () => {
  const inHours = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString();
  const hoursLeft = async () => {
    const { lease } = (await read()) as { lease: { until: string } };
    return (Date.parse(lease.until) - Date.now()) / 3_600_000;
  };

  // The shell of these tests stands at a fixed time, and the server does not.
  const now = async (...argv: string[]) =>
    typed({ cwd: work.cwd, env: env(), now: () => Date.now() }, "renew", host, ...argv);

  test("refuses to end a lease earlier than it does, unless told to", async () => {
    await given(canary({ percent: 5, lease: { until: inHours(3) } }));
    const refused = await now("--for", "1h30m");
    expect(refused.code).toBe(1);
    expect(refused.err).toMatch(
      /^sy: the lease holds until 20\S+Z, and would end earlier; say a longer time, or add --shorten\n$/,
    );
    expect(await hoursLeft()).toBeGreaterThan(2.9);
    expect((await now("--for", "1h30m", "--shorten")).code).toBe(0);
    expect(await hoursLeft()).toBeLessThan(1.6);
    expect((await now("--for", "1d")).code).toBe(0);
    expect(await hoursLeft()).toBeGreaterThan(23.9);
  });
});

describe("a value put to KV by hand", () => {
  test("shows in history and get, with what differs, and with nothing that moves the cursor", async () => {
    await given(canary({ percent: 10 }));
    await control.put(host, canary({ percent: 70, salt: "s\u202E\u009B" }));
    const history = await sy("history", host);
    expect(history.out).not.toContain("*");
    expect(history.err).toBe(
      `KV has none of these, but a value put there by hand: see sy get ${host}\n`,
    );
    const { out, err } = await sy("get", host);
    expect(JSON.parse(out)).toMatchObject({ percent: 10 });
    expect(err.split("\n")).toEqual([
      "KV has another value than version 1, put there by hand:",
      "  ~ $.percent: 10 → 70",
      '  + $.salt: "s\uFFFD\uFFFD"',
      `take it in with: sy adopt ${host}`,
      `or put version 1 back with: sy republish ${host}`,
      "",
    ]);
    await control.put(host, "{\n\u001B[2J");
    expect((await sy("get", host)).err).toContain("\n  {\n  \uFFFD[2J\ntake it in");
  });
});
