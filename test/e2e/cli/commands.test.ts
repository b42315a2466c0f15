import { writeFile } from "node:fs/promises";
import { join } from "node:path";

import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";

import type { TestFleet } from "../../support/gateway.ts";
import { openJar, visit } from "../../support/jar.ts";
import { startOrigin, type Origin } from "../../support/origin.ts";
import { folder, sy as typed, type Outcome } from "../../unit/cli/shell.ts";
import { startApi, startWithApi, TOKENS } from "./gateway.ts";

let gateway: TestFleet;
let origins: Record<"v1" | "v2", Origin>;
let work: Awaited<ReturnType<typeof folder>>;
let name = 0;

/** The route of one test: a host of its own. */
let host: string;

beforeAll(async () => {
  origins = { v1: await startOrigin("v1"), v2: await startOrigin("v2") };
  gateway = await startWithApi();
});
afterAll(async () => {
  await gateway.close();
  await Promise.all(Object.values(origins).map(async (origin) => origin.close()));
});
beforeEach(async () => {
  name += 1;
  host = `host${name}.example.com`;
  work = await folder();
  return async () => work.remove();
});

const env = () => ({ SY_URL: gateway.control.url, SY_TOKEN: TOKENS.write });
const sy = async (...argv: string[]): Promise<Outcome> =>
  typed({ cwd: work.cwd, env: env() }, ...argv);

async function well(...argv: string[]): Promise<string> {
  const outcome = await sy(...argv);
  expect({ argv, ...outcome }).toMatchObject({ argv, code: 0 });
  return outcome.out;
}

async function write(file: string, content: unknown): Promise<void> {
  await writeFile(join(work.cwd, file), JSON.stringify(content, null, 2));
}

async function given(policy: unknown): Promise<void> {
  await write(`${host}.json`, policy);
  await well("apply", `${host}.json`);
}

const canary = (percent: number) => ({
  strategy: "canary",
  stable: origins.v1.url,
  canary: origins.v2.url,
  percent,
  guard: { checks: [{ metric: "failures", maxIncrease: 1 }] },
});
const policyOf = async (): Promise<unknown> => JSON.parse(await well("get", host)) as unknown;

describe("plan and apply", () => {
  test("show what is new, what changes, who moves, and what stays; exit codes tell CI", async () => {
    await write(`${host}.json`, canary(10));
    const file = `${host}.json`;
    expect(await sy("plan", file)).toEqual({ code: 2, out: `+ ${host}  new\n1 new\n`, err: "" });
    expect((await sy("apply", file, "--dry-run")).out).toBe(
      `+ ${host}  new\n1 new; nothing was applied\n`,
    );
    expect((await sy("get", host)).code).toBe(1);
    expect(await well("apply", file)).toBe(`+ ${host}  new\n  version 1, published\n1 new\n`);
    expect(await sy("plan", file)).toMatchObject({
      code: 0,
      out: `= ${host}  version 1 says the same\n1 unchanged\n`,
    });
    await write(file, canary(30));
    const { code, out } = await sy("plan", file);
    expect(code).toBe(2);
    expect(out).toMatch(
      /^~ host\S+ {2}from version 1\n {2}~ \$\.percent: 10 → 30\n {2}\/ {2}(?:19|20)\.\d % of visitors move\n {4}stable → canary {2}(?:19|20)\.\d %\n1 changed\n$/,
    );
    expect(await well("apply", file)).toContain("  version 2, published\n1 changed\n");
  });

  test("apply nothing at all where one file is refused, and say where it stands", async () => {
    await write("good.example.com.json", canary(10));
    await write("bad.example.com.json", { ...canary(10), percent: 101 });
    expect(await sy("apply", ".")).toMatchObject({
      code: 1,
      out: "",
      err: expect.stringMatching(
        /^sy: bad\.example\.com\.json:5:3: "percent" must be a number/,
      ) as string,
    });
    expect((await sy("get", "good.example.com")).code).toBe(1);
  });

  test("refuse a reshuffle unless it is asked for", async () => {
    await given(canary(10));
    await write(`${host}.json`, { ...canary(10), salt: "other" });
    const refused = await sy("apply", `${host}.json`);
    expect(refused).toMatchObject({ code: 1, out: "" });
    expect(refused.err).toContain("Visitors would be drawn anew without need; ");
    expect(await sy("plan", `${host}.json`)).toMatchObject({ code: 1 });
    await well("apply", `${host}.json`, "--allow-reshuffle");
  });

  test("delete what has no file only where told to, and never by a single file", async () => {
    const lonely = await startApi({ "by-hand": { origin: "https://www.example.com" } });
    const options = { cwd: work.cwd, env: { ...env(), SY_URL: lonely.url } };
    await write("one.json", { origin: "https://one.example.com" });
    await write("two.json", { origin: "https://two.example.com" });
    expect((await typed(options, "apply", ".")).out).toContain("2 new");
    const other = await folder({ "one.json": { origin: "https://one.example.com" } });
    const there = { ...options, cwd: other.cwd };
    expect(await typed(there, "plan", ".")).toMatchObject({ code: 0 });
    expect(await typed(there, "plan", ".", "--prune")).toMatchObject({
      code: 2,
      out: "= one  version 1 says the same\n- two  deleted: it has no file\n1 deleted, 1 unchanged\n",
    });
    expect((await typed(there, "apply", ".", "--prune")).out).toContain("version 2, published");
    expect((await typed(there, "list")).out).toBe(
      "route    version\nby-hand  by hand\none      1\n",
    );
    await other.remove();
    await lonely.close();
  });
});

describe("one route's life", () => {
  test("every action makes a version, and history tells them", async () => {
    await given({
      strategy: "weighted",
      variants: [
        { name: "control", origin: origins.v1.url, weight: 50 },
        { name: "bold", origin: origins.v2.url, weight: 50 },
      ],
    });
    expect(await well("weights", host, "control=90", "bold=10")).toContain(
      "~ $.variants.bold.weight: 50 → 10",
    );
    expect(await well("force", host, "bold", "-m", "control is\u001B[2Jdown")).toContain(
      `${host}  version 3  published`,
    );
    expect((await visit(gateway.url, { host })).echo().origin).toBe("v2");
    await well("unforce", host);
    expect(await policyOf()).toMatchObject({ variants: [{ weight: 90 }, { weight: 10 }] });
    const told = await well("history", host, "-n", "3");
    expect(told).toMatch(
      /^version +action +author +when +note\n4 \* +unforce +write .*\n3 +force +write +\S+ {2}control is\uFFFD\[2Jdown\n2 +weights .*\n\* is what KV has\n$/,
    );
    expect(JSON.parse(await well("get", host, "--version", "1"))).toMatchObject({
      variants: [{ weight: 50 }, {}],
    });
  });

  test("blue-green: a switch is safe, can be called off, and happens at once where told to", async () => {
    await given({
      strategy: "blue-green",
      blue: origins.v1.url,
      green: origins.v2.url,
      active: "blue",
    });
    await well("switch", host, "--drain", "10m");
    expect(await policyOf()).toMatchObject({
      active: "blue",
      next: { active: "green", drainSeconds: 600 },
    });
    await well("switch-back", host);
    expect(await policyOf()).not.toHaveProperty("next");
    expect((await sy("switch", host, "--at", "2020-01-01T00:00:00Z")).err).toMatch(
      /^sy: not every machine can know/,
    );
    await well("switch", host, "--to", "green", "--at", "now");
    expect((await visit(gateway.url, { host })).echo().origin).toBe("v2");
  });

  test("a canary inside a path-map is found by its prefix, and a lease renewed", async () => {
    await given({ strategy: "path-map", paths: { "/a/b": canary(10) }, default: origins.v1.url });
    expect((await sy("promote", host)).err).toMatch(
      /^sy: this action is for canary policies, and the policy here is path-map; name a policy/,
    );
    await well("promote", host, "--path", "/a/b", "--to", "40.5");
    await well("renew", host, "--node", "/paths/~1a~1b", "--for", "2h");
    const policy = (await policyOf()) as {
      paths: Record<string, { percent: number; lease: { until: string } }>;
    };
    expect(policy.paths["/a/b"]?.percent).toBe(40.5);
    const hours = (Date.parse(policy.paths["/a/b"]?.lease.until ?? "") - Date.now()) / 3_600_000;
    expect(hours).toBeGreaterThan(1.9);
    expect(hours).toBeLessThan(2.1);
  });

  test("an edit made from an old version changes nothing, and says so", async () => {
    await given(canary(10));
    await well("promote", host, "--to", "20");
    expect(await sy("promote", host, "--to", "30", "--if-version", "1")).toEqual({
      code: 1,
      out: "",
      err: expect.stringMatching(
        /^sy: The route has changed meanwhile; write was quicker \(promote, version 2, at 20\S+Z\): look at it again with sy get\n$/,
      ) as string,
    });
    expect(await policyOf()).toMatchObject({ percent: 20 });
  });

  test("a deleted route is gone, and comes back from its history", async () => {
    await given(canary(10));
    await well("delete", host);
    expect((await visit(gateway.url, { host })).status).toBe(404);
    expect((await sy("get", host)).err).toBe(
      "sy: There is no such route; see sy list for the routes there are\n",
    );
    expect(await well("rollback", host)).toContain(`${host}  version 3  published`);
    // The request that finds the memory of its absence old still gets that answer.
    await expect.poll(async () => (await visit(gateway.url, { host })).status).toBe(200);
  });

  test("a value put to KV by hand is shown, never overwritten unasked, and adopted or replaced", async () => {
    await given(canary(10));
    await gateway.put(host, canary(70));
    await write(`${host}.json`, canary(20));
    const hint = `take that in with sy adopt ${host}, or undo it with sy republish ${host}`;
    expect(await sy("plan", `${host}.json`)).toMatchObject({
      code: 1,
      out: expect.stringContaining(hint) as string,
    });
    expect((await sy("get", host)).err).toContain(`take it in with: sy adopt ${host}`);
    await well("adopt", host, "-m", "it was urgent");
    expect(await policyOf()).toMatchObject({ percent: 70 });
    await gateway.put(host, "nonsense");
    expect(await well("republish", host)).toBe(`${host}  version 2  KV has version 2\n`);
    expect(await sy("adopt", host)).toMatchObject({ code: 1 });
  });

  test("a QA link brings whoever opens it to its variant, and the reason says so", async () => {
    await given(canary(0));
    const { out, err } = await sy(
      "link",
      host,
      "canary",
      "--to",
      `http://${host}/page?a=1`,
      "--for",
      "2h",
    );
    expect(err).toMatch(/^good until \d{4}-/);
    const url = new URL(out.trim());
    const path = url.pathname + url.search;
    expect(path).toMatch(/^\/page\?a=1&sy=sy1\./);
    const seen = await visit(gateway.url, { host, path, jar: openJar() });
    expect([seen.header("x-variant"), seen.header("x-reason")]).toEqual(["canary", "override"]);
    expect(await well("explain", out.trim())).toContain('override  asks for "canary"');
    expect((await sy("link", host, "nobody")).err).toMatch(
      /^sy: No part of the policy has this variant; /,
    );
  });
});

describe("explain and simulate against the server", () => {
  test("explain says what the data plane then does", async () => {
    await given(canary(50));
    const variants = new Set<string>();
    for (let n = 0; n < 12; n += 1) {
      const jar = openJar();
      const seen = await visit(gateway.url, { host, jar });
      const [, id = ""] = /^sy=1\.([^.]+)\./.exec(seen.header("set-cookie") ?? "") ?? [];
      const variant = seen.header("x-variant") ?? "";
      expect(await well("explain", `http://${host}/`, "--visitor", id)).toContain(
        `\n${variant} (split): `,
      );
      variants.add(variant);
    }
    expect(variants.size).toBe(2);
    await well("abort", host);
    const before = ["--key", host, "--version", "1", "--visitor", "v".repeat(22), "--json"];
    const told = JSON.parse(await well("explain", `http://${host}/`, ...before)) as object;
    expect(told).toMatchObject({ key: host, version: 1, decision: { reason: "split" } });
  });

  test("simulate draws what is live", async () => {
    await given(canary(25));
    expect(await well("simulate", host)).toMatch(/canary .* 2[45]\.\d % /);
  });
});
