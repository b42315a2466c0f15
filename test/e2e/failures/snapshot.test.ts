import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";

import { WRANGLER } from "../../../.ci/wrangler-command.ts";
import { snapshotText } from "../../../src/cli/transfer/snapshot.ts";
import { stampOf } from "../../../src/report/stamp.ts";
import { startKvGateway, type KvGateway } from "../../support/failing-kv.ts";
import { startOrigin, type Origin } from "../../support/origin.ts";
import { builtWorker, quietTools, WORKERS } from "../../support/worker-build.ts";
import { see } from "./seen.ts";

const POLICY = { origin: "https://snapshot-of-this-test.example.com" };

let folder: string;
let origin: Origin;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "switchyard-snapshot-"));
  origin = await startOrigin("of-the-snapshot");
});
afterAll(async () => {
  await (await cold?.catch(() => undefined))?.close();
  await origin?.close();
  await rm(folder, { recursive: true, force: true });
});

/** The Worker as it is deployed with a snapshot. */
async function bundleWithSnapshot(): Promise<string> {
  quietTools();
  const file = join(folder, "routes.snapshot.txt");
  const routes = [
    { key: "other", version: 1, policy: POLICY },
    { key: "shop", version: 3, policy: { origin: origin.url } },
  ];
  await writeFile(file, snapshotText(routes));
  const usual = ["deploy", "--dry-run", "--config", WORKERS.gateway, "--outdir", folder];
  const flags = ["--alias", `#snapshot:${file}`];
  await promisify(execFile)(process.execPath, [...WRANGLER, ...usual, ...flags]);
  return readFile(join(folder, "index.js"), "utf8");
}

let bundled: Promise<string> | undefined;
/** Wrangler takes its time: once for all tests. */
const withSnapshot = async (): Promise<string> => (bundled ??= bundleWithSnapshot());

test("a deployment brings the snapshot along that it is given, and none without", async () => {
  // What these tests start is built as it is deployed without one.
  const without = await readFile(join(await builtWorker(), "index.js"), "utf8");
  expect(without).not.toContain("snapshot-of-this-test");
  expect(await withSnapshot()).toContain("snapshot-of-this-test");
});

async function startWithSnapshot(): Promise<KvGateway> {
  const entry = "with-snapshot.js";
  await writeFile(join(await builtWorker(), entry), await withSnapshot());
  return startKvGateway({ policies: {}, entry });
}

let cold: Promise<KvGateway> | undefined;

test.each(["throws", "hangs"] as const)(
  "KV and the hub %s, and there is no copy: a cold isolate serves from the snapshot in workerd",
  async (mode) => {
    const gateway = await (cold ??= startWithSnapshot());
    await Promise.all([gateway.setKv(mode), gateway.setHub(mode)]);
    await gateway.forget();
    const first = await see(`${gateway.url}/shop/`);
    expect([first.answer, first.head.header("x-policy-source")]).toEqual(["200", "snapshot"]);
    expect(first.text).toContain("of-the-snapshot");
    // It knows all keys there were.
    expect((await see(`${gateway.url}/never-seen/`)).answer).toMatch(/^404/);
    const again = await see(`${gateway.url}/shop/`);
    expect([again.answer, again.text.includes("of-the-snapshot")]).toEqual(["200", true]);
  },
);

test("without a snapshot a cold isolate then has nothing to serve", async () => {
  const gateway = await startKvGateway({ policies: {} });
  try {
    await Promise.all([gateway.setKv("throws"), gateway.setHub("throws")]);
    expect((await see(`${gateway.url}/shop/`)).answer).toBe("503 config-unavailable");
  } finally {
    await gateway.close();
  }
});

test("a snapshot has the texts that a ledger puts to KV, so that nothing has to be told again", () => {
  const { routes } = JSON.parse(snapshotText([{ key: "shop", version: 3, policy: POLICY }])) as {
    routes: Record<string, [number, string]>;
  };
  const [version = 0, text = ""] = routes["shop"] ?? [];
  expect(stampOf(text, version)).toEqual(stampOf(JSON.stringify(POLICY, null, 2), 3));
});
