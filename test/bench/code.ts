import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { stripTypeScriptTypes } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { build as esbuild } from "esbuild";
import { makeSmaller } from "../../.ci/smaller.ts";
import { WRANGLER } from "../../.ci/wrangler-command.ts";
import type { Code } from "./subjects.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

const built = new Map<string, Promise<string>>();

function once(name: string, make: () => Promise<string>): Promise<string> {
  const known = built.get(name) ?? make();
  built.set(name, known);
  return known;
}

/** The gateway as `npm run deploy` uploads it from a folder's sources, or with the names of its functions kept. */
async function deployed(root: string, readable: boolean): Promise<string> {
  process.loadEnvFile(join(ROOT, ".tools.env"));
  const folder = await mkdtemp(join(tmpdir(), "switchyard-bundle-"));
  try {
    const all = ["deploy", `--minify=${!readable}`, "--dry-run", "--outdir", folder];
    await promisify(execFile)(process.execPath, [...WRANGLER, ...all], { cwd: root });
    if (!readable && existsSync(join(root, ".ci/smaller.ts"))) await makeSmaller(folder);
    const [file] = (await readdir(folder)).filter((name) => name.endsWith(".js"));
    return await readFile(join(folder, file ?? ""), "utf8");
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const source = (code: Code) => fileURLToPath(new URL(`workers/${code}.ts`, import.meta.url));

/** A Worker of the bench with the packages that it imports. */
async function bundled(code: Code, minify: boolean): Promise<string> {
  const { outputFiles } = await esbuild({
    entryPoints: [source(code)],
    bundle: true,
    minify,
    write: false,
    format: "esm",
    target: "es2024",
    conditions: ["workerd", "worker", "browser"],
    mainFields: ["browser", "module", "main"],
  });
  return outputFiles[0]?.text ?? "";
}

/** A copy of the sources of a commit, where the packages of this checkout are found; see before.ts. */
let before: string | undefined;

/** Names the folder that the code `before` is built from. */
export function setBefore(folder: string): void {
  before = folder;
}

/** A Worker's code as one ES module, each built once per run; `readable` keeps the names of functions, for profiles. */
export async function codeOf(code: Code, readable: boolean): Promise<string> {
  const name = `${code} ${readable ? "readable" : "small"}`;
  if (code === "switchyard") return once(name, () => deployed(ROOT, readable));
  if (code === "before") {
    const folder = before;
    if (folder === undefined) throw new Error("no commit was named to compare with");
    return once(name, () => deployed(folder, readable));
  }
  if (code === "hono-split" || code === "growthbook-edge")
    return once(name, () => bundled(code, !readable));
  return stripTypeScriptTypes(await readFile(source(code), "utf8"));
}
