import { spawn } from "node:child_process";
import { once } from "node:events";
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";

import { plainEnv } from "../support/demo.ts";
import { ROOT } from "../unit/docs/markdown.ts";

const ID = "0123456789abcdef0123456789abcdef";
const OTHER_ID = "f".repeat(32);
const FILES = ["src/control/wrangler.toml", "wrangler.toml"] as const;

let copy = "";

beforeEach(async () => {
  copy = await mkdtemp(join(tmpdir(), "switchyard-deploy-"));
  for (const path of ["src", ".ci", ...FILES, ".tools.env", "package.json", "tsconfig.json"])
    await cp(join(ROOT, path), join(copy, path), { recursive: true });
  await symlink(join(ROOT, "node_modules"), join(copy, "node_modules"), "dir");
});
afterEach(async () => rm(copy, { recursive: true, force: true }));

/** `npm run deploy` in a copy of the repository, of nobody who is logged in. */
async function deploy(...args: string[]) {
  const env = plainEnv({ HOME: copy, XDG_CONFIG_HOME: join(copy, ".config") });
  const child = spawn("npm", ["run", "-s", "deploy", "--", ...args], { cwd: copy, env });
  child.stdin.end();
  let said = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (chunk: string) => (said += chunk));
  const [code] = (await once(child, "close")) as unknown[];
  return { code, said };
}

const texts = async () => Promise.all(FILES.map((file) => readFile(join(copy, file), "utf8")));

/** Where a text names each of the two Workers' entrypoints of bindings, in its order. */
const built = (said: string) =>
  [...said.matchAll(/env\.(LEDGER|HUB) /g)].map(([, binding]) =>
    binding === "LEDGER" ? "control" : "gateway",
  );

describe("npm run deploy", () => {
  test("builds control, then the gateway, with --dry-run, and changes no file", async () => {
    const before = await texts();
    const { code, said } = await deploy("--dry-run");
    expect([code, built(said)]).toEqual([0, ["control", "gateway"]]);
    expect(said).toContain("VISITOR_KEY: would be made where neither Worker has one");
    expect(await texts()).toEqual(before);
  });

  test("bundles a snapshot with the gateway, and does not go on where there is none", async () => {
    const absent = await deploy("--dry-run", "--snapshot", "routes.txt");
    expect([absent.code, built(absent.said)]).toEqual([1, []]);
    expect(absent.said).toContain("npx sy export --snapshot routes.txt");
    await writeFile(join(copy, "routes.txt"), '{"routes":{"marked-by-this-test":[1,"{}"]}}');
    const alone = await deploy("--dry-run", "--only", "gateway", "--snapshot", "routes.txt");
    expect([alone.code, built(alone.said)]).toEqual([0, ["gateway"]]);
    const bundled = await readFile(join(copy, "dist/gateway/index.js"), "utf8");
    expect(bundled).toContain("marked-by-this-test");
  });

  test("does not go on without a KV namespace, and says how to make one", async () => {
    const before = await texts();
    const { code, said } = await deploy();
    expect(code).toBe(1);
    expect(said).toContain("npx wrangler kv namespace create ROUTING_CONFIG");
    expect(await texts()).toEqual(before);
  });

  test("writes one id into both files and switches previews off, stops where the first one fails, and goes --back", async () => {
    const path = join(copy, FILES[1]);
    const toml = await readFile(path, "utf8");
    await writeFile(path, toml.replace("preview_urls = false", "preview_urls = true"));
    const { code, said } = await deploy("--kv", ID);
    // Nobody is logged in here.
    expect([code, said]).toEqual([1, expect.stringContaining("control is not deployed.")]);
    expect(said).toContain("CLOUDFLARE_API_TOKEN");
    for (const text of await texts()) {
      expect(text).toContain(`binding = "ROUTING_CONFIG"\nid = "${ID}"\n`);
      expect(text).toMatch(/^preview_urls = false$/m);
    }
    // The other way round, and what is written stays, whatever else is asked for.
    const written = await texts();
    const again = await deploy("--dry-run", "--back", "--kv", OTHER_ID);
    expect([again.code, built(again.said)]).toEqual([0, ["gateway", "control"]]);
    expect(again.said.match(new RegExp(ID, "g"))).toHaveLength(2);
    expect(await texts()).toEqual(written);
  });

  test("wants the same of both where both read it", async () => {
    const path = join(copy, FILES[0]);
    const toml = await readFile(path, "utf8");
    await writeFile(path, toml.replace('TENANT_BY = "host,path"', 'TENANT_BY = "path"'));
    const { code, said } = await deploy("--kv", ID, "--dry-run");
    expect(code).toBe(1);
    expect(said).toContain(
      'the var TENANT_BY must be the same in both: src/control/wrangler.toml has "path", wrangler.toml "host,path"',
    );
  });
});
