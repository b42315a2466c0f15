/**
 * `npm run dev`: both Workers under `wrangler dev`, built anew where their sources change, over one local KV that outlives
 * the run. The gateway on port 8787 or `--port N`, control on the one after it.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { join } from "node:path";
import { parseArgs } from "node:util";

import { buildConsole } from "./console.ts";

const ROOT = process.cwd();
const WRANGLER = join(ROOT, "node_modules/wrangler/bin/wrangler.js");

const { values } = parseArgs({ options: { port: { type: "string", default: "8787" } } });
const port = Number(values.port);

function start(config: string, at: number): ChildProcess {
  const flags = ["--config", config, "--port", String(at), "--persist-to", ".wrangler/state"];
  const own = ["--var", "ALLOW_PRIVATE_ORIGINS:true", "--show-interactive-dev-session=false"];
  // Any port for debuggers: the two would ask for the same one.
  const inspector = ["--inspector-port", "0"];
  return spawn(process.execPath, [WRANGLER, "dev", ...flags, ...own, ...inspector], {
    cwd: ROOT,
    // By the channel it says when it is ready.
    stdio: ["ignore", "inherit", "inherit", "ipc"],
    env: {
      ...process.env,
      // Where the gateway finds its hub: in this repository, and not in another one on this machine.
      WRANGLER_REGISTRY_PATH: join(ROOT, ".wrangler/registry"),
      // Traces of two processes cannot be written to one local database.
      X_LOCAL_OBSERVABILITY: "false",
    },
  });
}

await buildConsole();
const workers: ChildProcess[] = [];

function run(worker: ChildProcess): ChildProcess {
  workers.push(worker);
  // One without the other is of no use.
  worker.once("exit", (code) => {
    process.exitCode ??= code ?? 0;
    stop();
  });
  return worker;
}

function stop(): void {
  for (const worker of workers) worker.kill("SIGTERM");
}

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, stop);
// One after the other, for they share the files of local KV.
run(start("src/control/wrangler.toml", port + 1)).once("message", () => {
  run(start("wrangler.toml", port));
});
