import { spawnSync, type SpawnSyncReturns } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import * as v from "valibot";

import { WRANGLER } from "../wrangler-command.ts";

/** npm runs scripts in the repository. */
export const ROOT = process.cwd();

/** Where Node keeps what it compiled of wrangler, 15 MB of JavaScript: a deployment starts it up to ten times. */
const COMPILED = join(ROOT, "node_modules/.cache/node");

/** What wrangler says of a run to programs: of a deployment where it answers, of a failure Cloudflare's code for it. */
const RecordSchema = v.object({
  type: v.string(),
  code: v.exactOptional(v.number()),
  targets: v.exactOptional(v.array(v.string())),
});

/** What came of a run of wrangler. */
export interface Ran {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Cloudflare's code of the failure. */
  readonly code: number | undefined;
  /** Where what was deployed answers. */
  readonly targets: readonly string[];
}

/** Who hears what wrangler says: everybody, nobody but the caller, or everybody of errors alone. */
type Heard = "all" | "caller" | "errors";

function recordsIn(file: string): v.InferOutput<typeof RecordSchema>[] {
  try {
    return readFileSync(file, "utf8")
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => v.parse(RecordSchema, JSON.parse(line)));
  } catch {
    // It ended before it wrote any.
    return [];
  }
}

/** Runs wrangler; `input` is what it reads instead of a terminal. */
export function wrangler(args: readonly string[], heard: Heard, input?: string): Ran {
  const folder = mkdtempSync(join(tmpdir(), "switchyard-deploy-"));
  const file = join(folder, "said.ndjson");
  try {
    const { status, stdout, stderr }: Partial<SpawnSyncReturns<string>> = spawnSync(
      process.execPath,
      [...WRANGLER, ...args],
      {
        cwd: ROOT,
        stdio: [
          input === undefined ? (heard === "all" ? "inherit" : "ignore") : "pipe",
          heard === "all" ? "inherit" : "pipe",
          heard === "caller" ? "pipe" : "inherit",
        ],
        env: { NODE_COMPILE_CACHE: COMPILED, ...process.env, WRANGLER_OUTPUT_FILE_PATH: file },
        encoding: "utf8",
        ...(input === undefined ? {} : { input }),
      },
    );
    const records = recordsIn(file);
    return {
      status: status ?? null,
      // What is inherited is not there.
      stdout: stdout ?? "",
      stderr: stderr ?? "",
      code: records.find(({ type }) => type === "command-failed")?.code,
      targets: records.flatMap(({ type, targets = [] }) => (type === "deploy" ? targets : [])),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
