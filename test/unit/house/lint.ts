import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

import * as v from "valibot";

/** The repository's root. */
export const ROOT = join(import.meta.dirname, "../../..");

/** What the linter reads besides the code. */
const CONFIGS = [
  ".oxlintrc.json",
  "tsconfig.json",
  "src/tsconfig.json",
  "src/console/tsconfig.json",
  "test/workers/tsconfig.json",
];

const ReportSchema = v.object({
  diagnostics: v.array(
    v.object({
      message: v.string(),
      // A directive that disables nothing is reported without a rule's name.
      code: v.optional(v.string(), "unused-directive"),
      filename: v.string(),
      help: v.optional(v.string(), ""),
      labels: v.array(v.object({ span: v.object({ line: v.number() }) })),
    }),
  ),
});

/** One thing the linter found: the rule, and the line it stands on. */
export interface Finding {
  readonly file: string;
  readonly line: number;
  readonly rule: string;
  readonly text: string;
}

/**
 * Runs this repository's linter, with its own configuration, over files that are not part of it:
 * they are written to a folder of their own, linted in one run and removed. `files` maps a path
 * from the root to its text. Throws where the linter itself fails.
 */
export function lint(files: ReadonlyMap<string, string>): Finding[] {
  const folder = mkdtempSync(join(tmpdir(), "house-"));
  try {
    symlinkSync(join(ROOT, "node_modules"), join(folder, "node_modules"), "dir");
    for (const file of [...CONFIGS, ...files.keys()])
      mkdirSync(dirname(join(folder, file)), { recursive: true });
    for (const file of CONFIGS) copyFileSync(join(ROOT, file), join(folder, file));
    for (const [file, text] of files) writeFileSync(join(folder, file), text);
    return run(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function run(folder: string): Finding[] {
  const { stdout, stderr } = spawnSync(
    join(ROOT, "node_modules/.bin/oxlint"),
    ["--format=json", "src", "test"],
    {
      cwd: folder,
      encoding: "utf8",
    },
  );
  if (!stdout.startsWith("{")) throw new Error(`oxlint did not run: ${stdout}${stderr}`);
  return v.parse(ReportSchema, JSON.parse(stdout)).diagnostics.map((found) => ({
    file: found.filename,
    line: found.labels[0]?.span.line ?? 0,
    rule: found.code,
    text: `${found.message} ${found.help}`,
  }));
}
