import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { expect, test } from "vitest";

import { dataFolderProblem } from "../../../src/demo/data-folder.ts";
import { folder } from "../cli/shell.ts";

test("the demo's folder is emptied, and is there", async () => {
  const work = await folder({ ".wrangler/demo/1/left-over": "x" });
  const path = join(work.cwd, ".wrangler/demo/1");
  expect(await dataFolderProblem(path)).toBeUndefined();
  expect(await readdir(path)).toEqual([]);
  expect(await readdir(join(work.cwd, ".wrangler"))).toEqual(["demo"]);
  await work.remove();
});

test("where it cannot be written to, one line says so, and what to do", async () => {
  const work = await folder();
  // As good as a read-only checkout, also for root, who may write anywhere else.
  await writeFile(join(work.cwd, ".wrangler"), "");
  const path = join(work.cwd, ".wrangler/demo/1");
  expect(await dataFolderProblem(path)).toMatch(
    /^The demo cannot write to \S+ \(\w+: .*\)\. Make the repository's folder writable, or run a copy of it\.$/,
  );
  await work.remove();
});

test("the tools' own folder beside it must be writable too", async () => {
  const work = await folder();
  await mkdir(join(work.cwd, ".wrangler/.writable"), { recursive: true });
  expect(await dataFolderProblem(join(work.cwd, ".wrangler/demo/1"))).toMatch(/^The demo cannot/);
  await work.remove();
});
