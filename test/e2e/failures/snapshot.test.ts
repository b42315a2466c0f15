import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";

import { WRANGLER } from "../../../.ci/wrangler-command.ts";
import { snapshotText } from "../../../src/cli/transfer/snapshot.ts";
import { stampOf } from "../../../src/report/stamp.ts";
import { startKvGateway } from "../../support/failing-kv.ts";
import { startOrigin } from "../../support/origin.ts";
import { builtWorker, quietTools, WORKERS } from "../../support/worker-build.ts";
import { see } from "./seen.ts";

const POLICY = { origin: "https://snapshot-of-this-test.example.com" };

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "switchyard-snapshot-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** The Worker as it is deployed with these flags. */
async function bundle(...flags: string[]): Promise<string> {
  quietTools();
  const usual = ["deploy", "--dry-run", "--config", WORKERS.gateway, "--outdir", folder];
  await promisify(execFile)(process.execPath, [...WRANGLER, ...usual, ...flags]);
  return readFile(join(folder, "index.js"), "utf8");
}

test("a deployment brings the snapshot along that it is given, and none without", async () => {
  const file = join(folder, "routes.snapshot.txt");
  await writeFile(file, snapshotText([{ key: "shop", version: 3, policy: POLICY }]));
  expect(await bundle()).not.toContain("snapshot-of-this-test");
  expect(await bundle("--alias", `#snapshot:${file}`)).toContain("snapshot-of-this-test");
});

test.each(["throws", "hangs"] as const)(
  "KV and the hub %s, and there is no copy: a cold isolate serves from the snapshot in workerd",
  async (mode) => {
    const origin = await startOrigin("of-the-snapshot");
    const file = join(folder, `${mode}.snapshot.txt`);
    const policy = { origin: origin.url };
    await writeFile(file, snapshotText([{ key: "shop", version: 3, policy }]));
    const entry = `with-snapshot-${mode}.js`;
    await writeFile(join(await builtWorker(), entry), await bundle("--alias", `#snapshot:${file}`));
    const gateway = await startKvGateway({ policies: {}, entry });
    try {
      await Promise.all([gateway.setKv(mode), gateway.setHub(mode)]);
      const first = await see(`${gateway.url}/shop/`);
      expect([first.answer, first.head.header("x-policy-source")]).toEqual(["200", "snapshot"]);
      expect(first.text).toContain("of-the-snapshot");
      // It knows all keys there were.
      expect((await see(`${gateway.url}/never-seen/`)).answer).toMatch(/^404/);
      const again = await see(`${gateway.url}/shop/`);
      expect([again.answer, again.text.includes("of-the-snapshot")]).toEqual(["200", true]);
    } finally {
      await Promise.all([gateway.close(), origin.close()]);
    }
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
