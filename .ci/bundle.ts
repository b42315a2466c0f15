/** Builds both Workers as they are deployed, and fails above their budgets; with `--rooms` it tells what the gateway consists of. */
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

import { buildConsole } from "./console.ts";
import { roomsOf } from "./rooms.ts";
import { makeSmaller } from "./smaller.ts";
import { WRANGLER } from "./wrangler-command.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const BYTES_PER_KIB = 1024;

/** What carries traffic must start in no time (its side of the hub is 4 KiB of it, counting 5, and guards 1, error pages and what logs leave out 1). No visitor waits for the control plane, which holds the documents that it serves, sessions of the console, gradual upgrades and previews of actions. */
const BUNDLES = [
  { what: "gateway", config: "wrangler.toml", budgetKib: 57.7 },
  { what: "control", config: "src/control/wrangler.toml", budgetKib: 156 },
];

await buildConsole();
for (const { what, config, budgetKib } of BUNDLES) {
  const out = `dist/${what}`;
  const wrangler = [...WRANGLER, "deploy", "--config", config];
  const metafile = `${ROOT}${out}/metafile.json`;
  const flags = ["--dry-run", "--outdir", `${ROOT}${out}`, "--metafile", metafile];
  execFileSync(process.execPath, [...wrangler, ...flags], { cwd: ROOT, stdio: "pipe" });
  if (what === "gateway") await makeSmaller(`${ROOT}${out}`);
  const code = readFileSync(`${ROOT}${out}/index.js`);
  const gzipKib = gzipSync(code, { level: 9 }).length / BYTES_PER_KIB;
  const size = `${(code.length / BYTES_PER_KIB).toFixed(1)} KiB, gzip ${gzipKib.toFixed(1)} KiB of ${budgetKib} KiB`;
  console.log(`bundle, ${what}: ${size}`);
  if (gzipKib > budgetKib) process.exitCode = 1;
  if (what === "gateway" && process.argv.includes("--rooms"))
    for (const [room, share] of roomsOf(metafile))
      console.log(`  ${(share * gzipKib).toFixed(1).padStart(5)}  ${room}`);
}
