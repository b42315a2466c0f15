import { cp, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { afterAll, beforeAll, expect, test } from "vitest";
import { parse } from "yaml";

import type { TestControl } from "../../support/gateway.ts";
import { folder } from "../../unit/cli/shell.ts";
import { startApi, TOKENS } from "./gateway.ts";
import { ROOT, run, type Outcome } from "./typed.ts";

const EXAMPLE = join(ROOT, "docs/examples/gitops");
const LONG_MS = 120_000;

interface Workflow {
  readonly jobs: Record<string, { steps: { name?: string; run?: string }[] }>;
}

let control: TestControl;
let work: Awaited<ReturnType<typeof folder>>;
let workflow: Workflow;

beforeAll(async () => {
  control = await startApi();
  work = await folder();
  await cp(EXAMPLE, work.cwd, { recursive: true });
  // What the workflow checks out and installs there.
  await symlink(ROOT, join(work.cwd, ".switchyard"));
  workflow = parse(
    await readFile(join(EXAMPLE, ".github/workflows/policies.yaml"), "utf8"),
  ) as Workflow;
});
afterAll(async () => {
  await control.close();
  await work.remove();
});

type Env = Readonly<Record<string, string>>;

/** Runs a script as the CI's shell does. */
async function shell(script: string, env: Env): Promise<Outcome> {
  return run("bash", ["--noprofile", "--norc", "-eo", "pipefail", "-c", script], {
    cwd: work.cwd,
    env: { SY_URL: control.url, ...env },
  });
}

/** Runs the scripts of a job that call sy. */
async function job(name: string, token: string | undefined, more: Env = {}): Promise<Outcome[]> {
  const scripts = workflow.jobs[name]?.steps.flatMap((step) => step.run ?? []) ?? [];
  const own = scripts.filter((script) => script.includes("sy.ts"));
  expect(own).toHaveLength(1);
  const env = { NOTE: "abc by me", ...(token && { SY_TOKEN: token }), ...more };
  return Promise.all(own.map(async (script) => shell(script, env)));
}

test(
  "the workflow's own scripts validate, plan and apply the example, and then have nothing to do",
  async () => {
    expect(await job("validate", undefined)).toMatchObject([
      { code: 0, out: "3 policies valid\n" },
    ]);
    const planned = "+ *.example.com  new\n+ shop.example.com  new\n+ storefrontA  new\n3 new\n";
    expect(await job("plan", TOKENS.read)).toMatchObject([{ code: 0, out: planned }]);
    expect(await readFile(join(work.cwd, "plan.txt"), "utf8")).toBe(planned);
    // A token for plans cannot apply.
    expect(await job("apply", TOKENS.read)).toMatchObject([{ code: 1 }]);
    const [applied] = await job("apply", TOKENS.write);
    expect(applied).toMatchObject({ code: 0, out: expect.stringContaining("\n3 new\n") as string });
    expect((await job("plan", TOKENS.read))[0]?.out).toMatch(/\n3 unchanged\n$/);

    // A mistake fails the pull request, with its place.
    const file = join(work.cwd, "policies/storefrontA.json");
    await writeFile(file, '{ "origin": "https://storefront-a.example.com", "salt": 5 }');
    const place = 'policies/storefrontA.json:1:49: "salt" must be';
    expect((await job("validate", undefined))[0]).toMatchObject({
      code: 1,
      out: expect.stringContaining(place) as string,
    });
    expect((await job("plan", TOKENS.read))[0]).toMatchObject({
      code: 1,
      out: expect.stringContaining(place) as string,
    });
  },
  LONG_MS,
);

test(
  "GitLab's own scripts validate, plan and apply the same, and hold apply back while it is frozen",
  async () => {
    await cp(join(EXAMPLE, "policies"), join(work.cwd, "policies"), { recursive: true });
    const pipeline = parse(await readFile(join(EXAMPLE, ".gitlab-ci.yml"), "utf8")) as Record<
      string,
      { script: string[] }
    >;
    const step = async (name: string, more: Env = {}) =>
      shell((pipeline[name]?.script ?? ["false"]).join("\n"), {
        SY_READ_TOKEN: TOKENS.read,
        SY_WRITE_TOKEN: TOKENS.write,
        CI_COMMIT_SHA: "abc",
        GITLAB_USER_LOGIN: "me",
        ...more,
      });
    expect(await step("validate")).toMatchObject({ code: 0, out: "3 policies valid\n" });
    expect(await step("plan")).toMatchObject({ code: 0 });
    const frozen = await step("apply", { SY_FREEZE: "9999-01-01T00:00:00Z" });
    expect([frozen.code, frozen.err]).toEqual([
      1,
      "policies are frozen: 9999-01-01T00:00:00Z; empty the variable SY_FREEZE and run this again\n",
    ]);
    expect(await step("apply")).toMatchObject({ code: 0 });
    const [held] = await job("apply", TOKENS.write, { SY_FREEZE: "sale" });
    expect(held).toMatchObject({ code: 1, err: expect.stringContaining("frozen: sale") as string });
  },
  LONG_MS,
);

test.each([
  ["", 0],
  ["2026-11-30T23:59:59Z", 0],
  ["2026-12-01T00:00:00Z", 0],
  ["2026-12-01T00:00:01Z", 1],
  ["until Monday", 1],
])("with SY_FREEZE %j at midnight, apply ends with %i", async (SY_FREEZE, code) => {
  const NOW = "2026-12-01T00:00:00Z";
  expect(await shell("sh freeze.sh", { NOW, SY_FREEZE })).toMatchObject({ code });
});
