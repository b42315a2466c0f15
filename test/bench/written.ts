import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { availableParallelism, cpus, loadavg } from "node:os";
import { join } from "node:path";

const ROOT = join(import.meta.dirname, "../..");
const PAGE = join(ROOT, "docs/performance.md");

/** What a run was: when, of which sources, on what, and how busy that was when it began. */
const began = { at: new Date(), load: loadavg()[0] ?? Number.NaN };

const git = (...args: readonly string[]) =>
  execFileSync("git", args, { cwd: ROOT, encoding: "utf8" }).trim();

/** The line above a run's tables. */
export function head(command: string, rounds: number): string {
  const day = began.at.toISOString().slice(0, 10);
  const changed = git("status", "--porcelain", "--", "src") === "" ? "" : " with changes";
  const load = [began.load, loadavg()[0] ?? Number.NaN].map((value) => value.toFixed(1));
  const machine = `${cpus()[0]?.model ?? "unknown"}, ${availableParallelism()} cores, Node ${process.version}`;
  return `\`npm run ${command}\`, ${day}, sources at \`${git("rev-parse", "--short", "HEAD")}\`${changed}; ${machine}; load average ${load.join(" before and ")} after; ${rounds} rounds.`;
}

/** The text between two marks of a page replaced; throws where the page has no such marks. */
export function replaced(page: string, name: string, text: string): string {
  const [open, close] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const [from, to] = [page.indexOf(open), page.indexOf(close)];
  if (from === -1 || to < from) throw new Error(`docs/performance.md has no marks for ${name}`);
  return `${page.slice(0, from + open.length)}\n\n${text}\n\n${page.slice(to)}`;
}

/** Prints a run's text and leaves it in dist/; with `write` also in the page, between the marks of its name. */
export function leave(name: string, text: string, write: boolean): void {
  console.log(text);
  const folder = join(ROOT, "dist");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `bench-${name}.md`), `${text}\n`);
  if (write) writeFileSync(PAGE, replaced(readFileSync(PAGE, "utf8"), name, text));
}
