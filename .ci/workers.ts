/** Builds both Workers into `dist/workers` as wrangler builds them for a deployment, and the console that one of them serves, where nothing of their sources has changed since. */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";

import { built, ROOT } from "./built.ts";
import { buildConsole } from "./console.ts";
import { WRANGLER } from "./wrangler-command.ts";

const CONFIGS = { gateway: "wrangler.toml", control: "src/control/wrangler.toml" } as const;

/** Whatever is not for people's machines or browsers alone. */
const INPUTS = [...Object.values(CONFIGS), "src/*.*", "src/!(cli|console|demo)/**/*.*"];

async function make(folder: string): Promise<void> {
  const builds = Object.entries(CONFIGS).map(async ([name, config]) => {
    const flags = ["--config", join(ROOT, config), "--outdir", join(folder, name)];
    await promisify(execFile)(process.execPath, [...WRANGLER, "deploy", "--dry-run", ...flags]);
  });
  await Promise.all(builds);
}

/**
 * Gives the folder in which each Worker has one of its own: without what `wrangler dev` adds, which drains request bodies
 * and catches errors. Rejects with wrangler's output if a bundle fails.
 */
export async function buildWorkers(): Promise<string> {
  await buildConsole();
  return built({ name: "workers", inputs: INPUTS, make });
}

if (import.meta.main) await buildWorkers();
