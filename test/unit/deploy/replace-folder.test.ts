import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, expect, it } from "vitest";

import { replaceFolder } from "../../../.ci/replace-folder.ts";

const FILES = ["a", "b", "c", "d"];
const MODULE = new URL("../../../.ci/replace-folder.ts", import.meta.url).href;

let folder = "";
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "switchyard-replace-"));
});
afterEach(async () => rm(folder, { recursive: true }));

async function made(name: string, text: string): Promise<string> {
  const at = join(folder, name);
  await mkdir(at);
  for (const file of FILES) await writeFile(join(at, file), text);
  return at;
}

/** What stands in the files of the folder that was replaced. */
async function texts(): Promise<string[]> {
  const out = join(folder, "out");
  expect((await readdir(out)).toSorted()).toEqual(FILES);
  return Promise.all(FILES.map(async (file) => readFile(join(out, file), "utf8")));
}

it("puts a folder where there is none, and then another one in its place", async () => {
  for (const text of ["first", "second"]) {
    replaceFolder(await made(text, text), join(folder, "out"), join(folder, `${text}-before`));
    expect(new Set(await texts())).toEqual(new Set([text]));
  }
});

it("says what is wrong where there is nothing to put", () => {
  expect(() => {
    replaceFolder(join(folder, "none"), join(folder, "out"), join(folder, "before"));
  }).toThrow("ENOENT");
});

it("leaves one of several that are put at once, whole", async () => {
  const script = `
    import { mkdirSync, writeFileSync } from "node:fs";
    import { replaceFolder } from ${JSON.stringify(MODULE)};
    const [folder, own] = process.argv.slice(1);
    for (let turn = 0; turn < 300; turn += 1) {
      const at = folder + "/" + own + "-" + turn;
      mkdirSync(at);
      for (const file of ${JSON.stringify(FILES)}) writeFileSync(at + "/" + file, own);
      replaceFolder(at, folder + "/out", at + "-before");
    }`;
  const children = ["one", "two", "three"].map(async (own) =>
    promisify(execFile)(process.execPath, ["--input-type=module", "-e", script, folder, own]),
  );
  await Promise.all(children);
  expect(new Set(await texts()).size).toBe(1);
});
