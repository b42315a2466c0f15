import { cp, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { afterAll, beforeAll, expect, test } from "vitest";
import { parse } from "yaml";

import type { TestFleet } from "../../support/gateway.ts";
import { folder } from "../../unit/cli/shell.ts";
import { startWithApi, TOKENS } from "./gateway.ts";
import { ROOT, run, type Outcome } from "./typed.ts";

const EXAMPLE = join(ROOT, "docs/examples/gitops");
const LONG_MS = 120_000;

interface Workflow {
  readonly jobs: Record<string, { steps: { name?: string; run?: string }[] }>;
}

let gateway: TestFleet;
let work: Awaited<ReturnType<typeof folder>>;
let workflow: Workflow;

beforeAll(async () => {
  gateway = await startWithApi();
  work = await folder();
  await cp(EXAMPLE, work.cwd, { recursive: true });
  // What the workflow checks out and installs there.
  await symlink(ROOT, join(work.cwd, ".switchyard"));
  workflow = parse(
    await readFile(join(EXAMPLE, ".github/workflows/policies.yaml"), "utf8"),
  ) as Workflow;
});
afterAll(async () => {
  await gateway.close();
  await work.remove();
});

/** Runs the scripts of a job that call sy, as the CI's shell does. */
async function job(name: string, token: string | undefined): Promise<Outcome[]> {
  const scripts = workflow.jobs[name]?.steps.flatMap((step) => step.run ?? []) ?? [];
  const own = scripts.filter((script) => script.includes("sy.ts"));
  expect(own).toHaveLength(1);
  const env = { SY_URL: gateway.control.url, NOTE: "abc by me", ...(token && { SY_TOKEN: token }) };
  return Promise.all(
    own.map(async (script) =>
      run("bash", ["--noprofile", "--norc", "-eo", "pipefail", "-c", script], {
        cwd: work.cwd,
        env,
      }),
    ),
  );
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
