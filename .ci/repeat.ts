// `npm run repeat -- 20 [what vitest run takes]`: the whole suite, or a part of it, so many times in a row.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as v from "valibot";

import { yardstick } from "./yardstick.ts";

/** The parts of a report that Vitest writes as JSON. */
const Report = v.object({
  numTotalTests: v.number(),
  testResults: v.array(
    v.object({
      name: v.string(),
      status: v.string(),
      message: v.string(),
      assertionResults: v.array(
        v.object({
          fullName: v.string(),
          status: v.string(),
          failureMessages: v.optional(v.nullable(v.array(v.string()))),
        }),
      ),
    }),
  ),
});

const [times = "", ...args] = process.argv.slice(2);
const runs = Number(times);
if (!/^[1-9]\d{0,3}$/.test(times)) {
  console.error("Say how often: npm run repeat -- 20 [--project unit] [test/unit/cli]");
  process.exit(2);
}

const directory = mkdtempSync(join(tmpdir(), "switchyard-repeat-"));
process.on("exit", () => rmSync(directory, { recursive: true, force: true }));
const vitest = join(import.meta.dirname, "../node_modules/vitest/vitest.mjs");
const projects = args.some((arg) => arg.startsWith("--project")) ? [] : ["--project", "!tools*"];

/** What failed in a report: a test, or a file that could not run. */
function failuresOf(file: string): { readonly total: number; readonly failures: string[] } {
  const { numTotalTests, testResults } = v.parse(Report, JSON.parse(readFileSync(file, "utf8")));
  const failures = testResults.flatMap(({ name, status, message, assertionResults }) => {
    const failed = assertionResults.filter((test) => test.status === "failed");
    if (failed.length > 0)
      return failed.map(({ fullName, failureMessages }) =>
        [`${name}: ${fullName}`, ...(failureMessages ?? [])].join("\n").replaceAll("\n", "\n    "),
      );
    return status === "failed" ? [`${name}: ${message}`] : [];
  });
  return { total: numTotalTests, failures };
}

/** Linux counts CPU time in hundredths of a second. */
const TICKS_PER_SECOND = 100;

/** CPU time (s) of all processes that have ended below this one, as Linux tells it: other work on the machine adds less to it than to how long a run takes. */
function cpuSeconds(): number | undefined {
  if (process.platform !== "linux") return undefined;
  // Behind the name, which may hold anything: the times of children stand 13 fields after the state.
  const [, behind = ""] = /\) (.*)/.exec(readFileSync("/proc/self/stat", "utf8")) ?? [];
  const [user = 0, system = 0] = behind.split(" ").slice(13, 15).map(Number);
  return (user + system) / TICKS_PER_SECOND;
}

let bad = 0;
let before = await yardstick();
for (let run = 1; run <= runs; run += 1) {
  const file = join(directory, `${run}.json`);
  const begun = performance.now();
  const cpuBefore = cpuSeconds();
  const { status } = spawnSync(
    process.execPath,
    [vitest, "run", ...projects, ...args, "--reporter=json", `--outputFile=${file}`],
    { stdio: ["ignore", "ignore", "ignore"] },
  );
  const seconds = Math.round((performance.now() - begun) / 1000);
  const cpu =
    cpuBefore === undefined ? "" : `${Math.round((cpuSeconds() ?? 0) - cpuBefore)} s of CPU, `;
  const after = await yardstick();
  const pace = (before + after) / 2;
  before = after;
  const { total, failures } = failuresOf(file);
  if (status !== 0) bad += 1;
  console.log(
    `run ${run} of ${runs}: ${seconds} s, ${cpu}${(seconds / pace).toFixed(0)} × the yardstick (${pace.toFixed(1)} s), ${total} tests, ${failures.length} failed`,
  );
  for (const failure of failures) console.log(`  ${failure}`);
  if (status !== 0 && failures.length === 0) console.log(`  vitest ended with ${status}`);
}
console.log(bad === 0 ? `${runs} runs without a failure` : `${bad} of ${runs} runs failed`);
process.exitCode = bad === 0 ? 0 : 1;
