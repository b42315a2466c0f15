/** Prints the size of the Worker that `wrangler deploy --dry-run` left in dist/, and fails above the budget. */
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

/** Keeps start-up far below the platform's second, and every cold start short. */
const BUDGET_KIB = 30;

const BYTES_PER_KIB = 1024;

const code = readFileSync(new URL("../dist/index.js", import.meta.url));
const gzipKib = gzipSync(code, { level: 9 }).length / BYTES_PER_KIB;
console.log(
  `bundle: ${(code.length / BYTES_PER_KIB).toFixed(1)} KiB, gzip ${gzipKib.toFixed(1)} KiB of ${BUDGET_KIB} KiB`,
);
if (gzipKib > BUDGET_KIB) process.exitCode = 1;
