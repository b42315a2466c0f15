import { rmSync } from "node:fs";
import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { TestProject } from "vitest/node";

import { makeSmaller } from "../../.ci/smaller.ts";
import { buildWorkers } from "../../.ci/workers.ts";

/** The variable that hands a build to the processes of a test run: the folder's path. */
const BUILD_VARIABLE = "SY_WORKER_DIR";

/** The module that stands before the built Worker's own; see OBSERVER. */
export const ENTRY = "observed.js";

/** The two Workers, each with its configuration. */
export const WORKERS = {
  gateway: fileURLToPath(new URL("../../wrangler.toml", import.meta.url)),
  control: fileURLToPath(new URL("../../src/control/wrangler.toml", import.meta.url)),
} as const;

export type WorkerName = keyof typeof WORKERS;

const NAMES: readonly WorkerName[] = ["gateway", "control"];

/** A host no policy may have: requests to it write to KV. */
export const KV_HOST = "kv-writer.invalid";

/**
 * workerd tells an inspector about rejected promises and nobody else, and an inspector would keep a copy of the
 * bodies that pass. So this module logs them, and changes nothing: handlers, Durable Objects and results are the Worker's.
 * It also writes what tests want in KV, over the Worker's own binding: miniflare's way from outside starts a thread
 * with an HTTP client of its own for each Worker, which takes as long as all else of a start.
 */
export const OBSERVER = `
import worker from "./index.js";
export * from "./index.js";

const told = (what) => (error) => {
  console.error(what + ": " + (error?.stack ?? error));
  throw error;
};
addEventListener("unhandledrejection", ({ reason }) => {
  console.error("unhandled rejection: " + (reason?.stack ?? reason));
});
async function write(request, { ROUTING_CONFIG: kv }) {
  for (const [key, value] of await request.json())
    await (value === null ? kv.delete(key) : kv.put(key, value));
  return new Response();
}
export default {
  ...worker,
  fetch(request, env, ctx) {
    if (request.headers.get("host") === "${KV_HOST}") return write(request, env);
    const waitUntil = ctx.waitUntil.bind(ctx);
    ctx.waitUntil = (work) => waitUntil(Promise.resolve(work).catch(told("rejected in waitUntil")));
    return worker.fetch(request, env, ctx);
  },
};
`;

/** Sets what keeps the tools off the network and silent. What the caller's environment says goes first. */
export function quietTools(): void {
  process.loadEnvFile(new URL("../../.tools.env", import.meta.url));
  // A local browser page and a collector of logs, each a further Worker in workerd, that no test looks at.
  process.env["X_LOCAL_EXPLORER"] ??= "false";
  process.env["X_LOCAL_OBSERVABILITY"] ??= "false";
}

/** Builds both Workers as a deployment would, each into a folder of `directory`. Rejects with wrangler's output if a bundle fails. */
async function build(directory: string): Promise<void> {
  quietTools();
  const from = await buildWorkers();
  const builds = NAMES.map(async (name) => {
    const outdir = join(directory, name);
    await cp(join(from, name), outdir, { recursive: true });
    if (name === "gateway") await makeSmaller(outdir);
    await writeFile(join(outdir, ENTRY), OBSERVER);
  });
  await Promise.all(builds);
}

const newDirectory = () => mkdtemp(join(tmpdir(), "switchyard-worker-"));

let own: Promise<string> | undefined;

/** The folder with a built Worker: the test run's, else one made once for this process and removed at its end. */
export async function builtWorker(name: WorkerName = "gateway"): Promise<string> {
  const shared = process.env[BUILD_VARIABLE];
  if (shared !== undefined && shared !== "") return join(shared, name);
  own ??= newDirectory().then(async (directory) => {
    process.on("exit", () => rmSync(directory, { recursive: true, force: true }));
    await build(directory);
    return directory;
  });
  return join(await own, name);
}

/**
 * Vitest's globalSetup: one build for all test files of a run, and a new one for each re-run in watch mode. Of the
 * projects that ask for it the first one builds, and all setups have ended before the first test begins.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  if ((process.env[BUILD_VARIABLE] ?? "") !== "") return () => Promise.resolve();
  const directory = await newDirectory();
  process.env[BUILD_VARIABLE] = directory;
  await build(directory);
  project.onTestsRerun(() => build(directory));
  return () => rm(directory, { recursive: true, force: true });
}
