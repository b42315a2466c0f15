/**
 * `npm run bench:paired -- COMMIT`: what a decision costs now over what it cost at COMMIT, in one run. Two copies of
 * COMMIT's sources take part: what one differs from the other by is what this machine cannot tell. `--only TEXT` takes
 * the subjects whose name holds it.
 */
import { execFile, execFileSync } from "node:child_process";
import { cpSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { parseArgs, promisify } from "node:util";

import { SUBJECTS } from "./paired-subjects.ts";
import { showSpread, spread, table } from "./report.ts";

const ROOT = join(import.meta.dirname, "../..");
const FOLDER = join(ROOT, "dist/paired");
const CHILD = join(import.meta.dirname, "paired-decide.ts");

const { values, positionals } = parseArgs({
  options: {
    processes: { type: "string", default: "9" },
    only: { type: "string", default: "" },
  },
  allowPositionals: true,
});
const [commit] = positionals;
if (commit === undefined) throw new Error("name a commit to compare with");

/** COMMIT's sources, where the packages of this checkout are found. */
function copyOf(name: string): string {
  const folder = join(FOLDER, name);
  mkdirSync(folder, { recursive: true });
  const archive = execFileSync("git", ["archive", commit ?? "", "src"], {
    cwd: ROOT,
    maxBuffer: 2 ** 28,
  });
  execFileSync("tar", ["-x", "-C", folder], { input: archive });
  return folder;
}

rmSync(FOLDER, { recursive: true, force: true });
const present = join(FOLDER, "now");
cpSync(join(ROOT, "src"), join(present, "src"), { recursive: true });
const ROOTS = { before: copyOf("before"), again: copyOf("again"), now: present };
type Who = keyof typeof ROOTS;
/** Who is loaded first differs from process to process, for the compiler may treat them differently. */
const ORDERS: readonly (readonly Who[])[] = [
  ["before", "again", "now"],
  ["now", "before", "again"],
  ["again", "now", "before"],
];

type Times = Record<Who, number>;

/** A process of its own for each subject: what the compiler has learnt from another one does not count. */
async function measure(subject: string, turn: number): Promise<Times> {
  const order = ORDERS[turn % ORDERS.length] ?? [];
  const roots = order.map((who) => ROOTS[who]);
  const { stdout } = await promisify(execFile)(process.execPath, [CHILD, subject, ...roots]);
  const micro = JSON.parse(stdout) as number[];
  const of = (who: Who) => micro[order.indexOf(who)] ?? Number.NaN;
  return { before: of("before"), again: of("again"), now: of("now") };
}

const times = new Map<string, Times[]>();
const subjects = SUBJECTS.map(({ name }) => name).filter((name) => name.includes(values.only));
for (let turn = 0; turn < Number(values.processes); turn += 1) {
  for (const subject of subjects) {
    const row = await measure(subject, turn);
    times.set(subject, [...(times.get(subject) ?? []), row]);
  }
}

const head = execFileSync("git", ["rev-parse", "--short", "HEAD"], { cwd: ROOT, encoding: "utf8" });
const rows = [...times].map(([name, runs]) => [
  name,
  showSpread(spread(runs.map(({ before }) => before)), 3),
  showSpread(spread(runs.map(({ before, again }) => again / before)), 3),
  showSpread(spread(runs.map(({ before, now }) => now / before)), 3),
]);
console.log(
  `${head.trim()} over ${commit}, ${values.processes} processes a subject\n\n${table(["decide", "µs before", "before again", "now"], rows)}`,
);
rmSync(FOLDER, { recursive: true, force: true });
