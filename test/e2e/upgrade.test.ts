import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { BASE } from "../../src/api/base.ts";
import { plainEnv } from "../support/demo.ts";
import { otherRelease, type Edit } from "../support/other-release.ts";
import { startOrigin, type Origin } from "../support/origin.ts";
import { startWorker, type TestWorker, type WorkerOptions } from "../support/worker.ts";
import { ROOT } from "../unit/docs/markdown.ts";
import { sy as typed } from "../unit/cli/shell.ts";

const TOKEN = "a-token-of-these-tests";

/** The next release, of which `hasteMs` is a field that this checkout does not know; `cache` is said to be one too, for `sy` to write. */
const NEXT: readonly Edit[] = [
  ["src/lib/release.ts", '"0.1.0"', '"0.2.0"'],
  [
    "src/policy/fields/index.ts",
    "  totalTimeoutMs,\n",
    "  totalTimeoutMs,\n  hasteMs: timeoutMs,\n",
  ],
];
const CONTROL: readonly Edit[] = [
  ...NEXT,
  [
    "src/policy/since.ts",
    "SINCE: Since = {}",
    'SINCE: Since = { hasteMs: "0.2.0", cache: "0.2.0" }',
  ],
];

const origins: Origin[] = [];
const closing: (() => Promise<unknown>)[] = [];
let folder: string;
let places: Pick<WorkerOptions, "persist" | "registry">;
let control: TestWorker;
let old: TestWorker;
let nextGateway: string;

/** A gateway with short memory that reports every second: this checkout's, or one of another release. */
async function gateway(directory?: string): Promise<TestWorker> {
  const vars = { MEMORY_TTL_SECONDS: "0", REPORT_INTERVAL_SECONDS: "1" };
  const { worker } = await startWorker("gateway", { ...places, vars, directory });
  closing.push(async () => worker.close());
  return worker;
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "switchyard-upgrade-"));
  places = { persist: join(folder, "state"), registry: join(folder, "registry") };
  origins.push(await startOrigin("first"), await startOrigin("second"));
  const [ofControl, ofGateway] = await Promise.all([
    otherRelease("control", CONTROL),
    otherRelease("gateway", NEXT),
  ]);
  closing.push(
    async () => ofControl.remove(),
    async () => ofGateway.remove(),
  );
  nextGateway = ofGateway.directory;
  const sha256 = createHash("sha256").update(TOKEN).digest("hex");
  const tokens = [{ name: "me", sha256, role: "write", scope: "*" }];
  const started = await startWorker("control", {
    ...places,
    directory: ofControl.directory,
    secrets: { ADMIN_TOKENS: JSON.stringify(tokens) },
  });
  control = started.worker;
  closing.push(async () => control.close());
  old = await gateway();
});
afterAll(async () => {
  for (const close of closing.toReversed()) await close();
  for (const origin of origins) await origin.close();
  await rm(folder, { recursive: true, force: true });
});

const originOf = (which: 0 | 1) => origins[which]?.url ?? "";

async function put(key: string, from: number | "new", policy: object, more: object = {}) {
  const response = await fetch(`${control.url}${BASE}/routes/${key}`, {
    method: "PUT",
    headers: {
      authorization: `Bearer ${TOKEN}`,
      "content-type": "application/json",
      ...(from === "new" ? { "if-none-match": "*" } : { "if-match": `"${from}"` }),
    },
    body: JSON.stringify({ policy, ...more }),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

/** Which origin a page comes from, or what is said in its place. */
async function ask(worker: TestWorker, key: string): Promise<string> {
  const response = await fetch(`${worker.url}/${key}/`);
  const body = (await response.json()) as { origin?: string; code?: string };
  return body.origin ?? `${response.status} ${body.code}`;
}

const sy = async (...argv: string[]) =>
  typed({ cwd: folder, env: { SY_URL: control.url, SY_TOKEN: TOKEN }, now: Date.now }, ...argv);

async function gatewaysKnown(): Promise<readonly string[]> {
  const { out } = await sy("version", "--json");
  return (JSON.parse(out) as { gateways: string[] }).gateways;
}

describe("a gateway of the release before, beside a control plane of the next one", () => {
  test("serves a policy of words that it knows", async () => {
    expect(await put("plain", "new", { origin: originOf(0), timeoutMs: 5000 })).toMatchObject({
      status: 201,
    });
    expect(await ask(old, "plain")).toBe("first");
    // It reports behind a response.
    await expect.poll(gatewaysKnown).toEqual(["0.1.0"]);
  });

  test("keeps the control plane from publishing what it could not read, which says so with word, path, releases and fix", async () => {
    const { status, body } = await put("plain", 1, { origin: originOf(1), hasteMs: 5000 });
    expect(status).toBe(409);
    expect(body).toMatchObject({
      code: "gateway-too-old",
      detail:
        'gateways of release 0.1.0 serve, and would not serve a policy with $.hasteMs, which release 0.2.0 was the first to know; deploy the gateway, or wait until no older one serves, or say "override": true',
      issues: [
        {
          path: "$.hasteMs",
          message: '"hasteMs" is known since release 0.2.0, and gateways of 0.1.0 serve',
          fix: expect.stringContaining("deploy the gateway") as string,
        },
      ],
    });
    expect(await ask(old, "plain")).toBe("first");
  });

  test("is told by sy, before it is applied and when it is, in the same words", async () => {
    await writeFile(
      join(folder, "plain.json"),
      JSON.stringify({ origin: originOf(1), cache: { ttlSeconds: 0 } }),
    );
    const said = '$.cache: "cache" is known since release 0.2.0, and gateways of 0.1.0 serve';
    for (const command of ["plan", "apply"]) {
      const { code, out, err } = await sy(command, "plain.json");
      expect(code).not.toBe(0);
      expect(out + err).toContain(said);
      expect(out + err).toContain("deploy the gateway, wait until no older one serves");
    }
    const { out, err } = await sy("version");
    expect(out).toMatch(/\ngateway +0\.1\.0 +reports +Worker \S+\n/);
    expect(err).toContain(
      "a gateway of an older release (0.1.0, 100.0 % of the isolates that report) serves beside control 0.2.0; ",
    );
    const { out: found } = await sy("doctor", "--gateway", `${old.url}/plain/`);
    expect(found).toContain("hint   version   a gateway of an older release (0.1.0, 100.0 %");
  });

  test("serves the last good policy on where somebody overrides that, and a new isolate of it 503; the next release serves the new one", async () => {
    const policy = { origin: originOf(1), hasteMs: 5000 };
    expect(await put("plain", 1, policy, { override: true })).toMatchObject({ status: 200 });
    const audit = await sy("audit", "plain", "--json");
    expect(audit.out).toContain("override; whether or not every gateway knows $.hasteMs (0.2.0)");
    await expect.poll(() => ask(old, "plain")).toBe("first");
    await old.logged(/the policy is invalid/);
    expect(await ask(old, "plain")).toBe("first");
    const cold = await gateway();
    expect(await ask(cold, "plain")).toBe("503 policy-invalid");
    const next = await gateway(nextGateway);
    expect(await ask(next, "plain")).toBe("second");
    expect(await put("other", "new", { origin: originOf(0), timeoutMs: 5000 })).toMatchObject({
      status: 201,
    });
    // What the older one knows means the same to the next one.
    expect([await ask(old, "other"), await ask(next, "other")]).toEqual(["first", "first"]);
    await expect.poll(gatewaysKnown).toEqual(["0.1.0", "0.2.0"]);
    const { out } = await sy("version");
    expect(out).toMatch(/\ngateway +0\.1\.0 +\d+\.\d % .*\n/);
    expect(out).toMatch(/\ngateway +0\.2\.0 +\d+\.\d % .*\n/);
  });

  test("is not a place for this checkout: sy doctor --release of an older release names the stored policy that it cannot read", async () => {
    const { code, out } = await sy("doctor", "--release");
    expect(code).toBe(1);
    expect(out).toMatch(
      /^wrong {2}policies {2}plain, version 2: \$\.hasteMs: "hasteMs" is not a field of this single policy\n {17}remove it; .*; then deploy\n1 wrong, 0 to think about\n$/,
    );
  });

  test("is not deployed over that either: npm run deploy looks before it uploads anything, and stops", async () => {
    const asked =
      "import { releaseFault } from './.ci/deploy/release.ts'; console.log(releaseFault());";
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ["--input-type=module", "-e", asked],
      { cwd: ROOT, env: plainEnv({ SY_URL: control.url, SY_TOKEN: TOKEN }) },
    );
    expect(stdout).toContain("plain, version 2: $.hasteMs");
    expect(stdout).toMatch(/\nNothing is uploaded: .* --skip-check\.\n$/);
  });

  test("is served again by what it knows: a roll-back passes, though it reports", async () => {
    const { code } = await sy("rollback", "plain", "--to", "1");
    expect(code).toBe(0);
    await expect.poll(() => ask(old, "plain")).toBe("first");
    expect((await sy("doctor", "--release")).code).toBe(0);
    expect(await sy("rollback", "plain", "--to", "2")).toMatchObject({
      code: 1,
      err: expect.stringContaining("$.hasteMs") as string,
    });
  });
});
