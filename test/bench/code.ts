import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { stripTypeScriptTypes } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

import { makeSmaller } from "../../.ci/smaller.ts";
import type { Code } from "./subjects.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));
const WRANGLER = join(ROOT, "node_modules/wrangler/bin/wrangler.js");

const bundles = new Map<boolean, Promise<string>>();

async function build(
  flags: readonly string[],
  finish = (_folder: string): Promise<void> => Promise.resolve(),
): Promise<string> {
  process.loadEnvFile(join(ROOT, ".tools.env"));
  const folder = await mkdtemp(join(tmpdir(), "switchyard-bundle-"));
  try {
    const all = ["deploy", ...flags, "--dry-run", "--outdir", folder];
    await promisify(execFile)(process.execPath, [WRANGLER, ...all], { cwd: ROOT });
    await finish(folder);
    const [file] = (await readdir(folder)).filter((name) => name.endsWith(".js"));
    return await readFile(join(folder, file ?? ""), "utf8");
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The gateway as `npm run deploy` uploads it, or with the names of its functions kept, for profiles. */
const bundle = (readable: boolean) =>
  readable ? build(["--minify=false"]) : build([], makeSmaller);

/** The control plane, the other Worker. */
export const controlPlane = () => build(["--config", "src/control/wrangler.toml"]);

/** A Worker's code as one ES module. Switchyard is built once per run. */
export async function codeOf(code: Code, readable: boolean): Promise<string> {
  if (code === "switchyard") {
    const built = bundles.get(readable) ?? bundle(readable);
    bundles.set(readable, built);
    return built;
  }
  const source = await readFile(new URL(`workers/${code}.ts`, import.meta.url), "utf8");
  return stripTypeScriptTypes(source);
}
