import { writeFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { built, CONSOLE, copyOfRepository, deploy, FILES, ID, type Copy } from "./copy.ts";

let copy: Copy;

beforeAll(async () => {
  copy = await copyOfRepository(CONSOLE);
});
afterAll(async () => copy.remove());

describe("npm run deploy", () => {
  test("does not go on where there is no snapshot of that name", async () => {
    const { code, said } = await copy.run([
      "npm",
      "run",
      "-s",
      "deploy",
      "--",
      "--dry-run",
      "--snapshot",
      "absent.txt",
    ]);
    expect([code, built(said)]).toEqual([1, []]);
    expect(said).toContain("npx sy export --snapshot absent.txt");
  });

  test("goes --back the other way round, bundles a snapshot with the gateway, and --dry-run says all that it would do", async () => {
    const before = await copy.texts();
    await writeFile(copy.path("routes.txt"), '{"routes":{"marked-by-this-test":[1,"{}"]}}');
    const { code, said } = await deploy(copy, [
      "--dry-run",
      "--back",
      "--snapshot",
      "routes.txt",
      "--kv",
      ID,
      "--plan",
      "free",
      "--hub-location",
      "weur",
    ]);
    expect([code, built(said)]).toEqual([0, ["gateway", "control"]]);
    for (const line of [
      `src/control/wrangler.toml: would get id = "${ID}"`,
      "src/control/wrangler.toml: would get HUB_DAILY_REPORTS = 25000",
      'src/control/wrangler.toml: would get HUB_LOCATION = "weur"',
      `wrangler.toml: would get id = "${ID}"`,
      "wrangler.toml: would get REPORT_INTERVAL_SECONDS = 60",
      `KV: both Workers would have ${ID}`,
      "upload: gateway (wrangler.toml), then control (src/control/wrangler.toml)",
      "VISITOR_KEY: would be made where neither Worker has one",
    ])
      expect(said.split("\n")).toContain(line);
    expect(await copy.texts()).toEqual(before);
    expect(await copy.read("dist/gateway/index.js")).toContain("marked-by-this-test");
  });

  test("stops before anything is changed where nobody is logged in", async () => {
    const before = await copy.texts();
    const { code, said } = await deploy(copy, ["--kv", ID]);
    expect([code, said]).toEqual([
      1,
      expect.stringContaining("It is not known what is deployed already"),
    ]);
    expect(said).toContain("CLOUDFLARE_API_TOKEN");
    expect(await copy.texts()).toEqual(before);
  });

  test("uploads neither where the gateway cannot be built", async () => {
    const source = await copy.read("src/index.ts");
    await writeFile(copy.path("src/index.ts"), `${source}\nthis is not TypeScript\n`);
    const { code, said } = await deploy(copy, ["--kv", ID, "--dry-run"]);
    await writeFile(copy.path("src/index.ts"), source);
    expect([code, built(said)]).toEqual([1, []]);
    expect(said).toContain("gateway is not deployed. Repeat it once the reason above is mended.");
  });

  test("wants the same of both where both read it", async () => {
    const [file] = FILES;
    const toml = await copy.read(file);
    await writeFile(copy.path(file), toml.replace('TENANT_BY = "host,path"', 'TENANT_BY = "path"'));
    const { code, said } = await deploy(copy, ["--kv", ID, "--dry-run"]);
    expect(code).toBe(1);
    expect(said).toContain(
      'the var TENANT_BY must be the same in both: src/control/wrangler.toml has "path", wrangler.toml "host,path"',
    );
    await writeFile(copy.path(file), toml);
  });
});
