import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "../..");

/** Enough for an archive of all sources (bytes). */
const MAX_ARCHIVE = 2 ** 28;

const git = (...args: readonly string[]) =>
  execFileSync("git", args, { cwd: ROOT, maxBuffer: MAX_ARCHIVE });

/** A commit's short name; throws where there is no such commit. */
export const shortName = (commit: string): string =>
  git("rev-parse", "--short", `${commit}^{commit}`).toString().trim();

/** Unpacks what a commit's gateway is built from into dist/before, with this checkout's packages beside it. */
export function unpack(commit: string): string {
  const folder = join(ROOT, "dist/before");
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const wanted = [".ci", "src", "package.json", "tsconfig.json", "wrangler.toml"];
  execFileSync("tar", ["-x", "-C", folder], { input: git("archive", commit, ...wanted) });
  symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"));
  return folder;
}
