import { execFile } from "node:child_process";
import { copyFile, mkdtemp, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

import { afterEach, beforeEach, expect, test } from "vitest";

import { load } from "../../../src/demo/load-wrangler.ts";
import { WRANGLER } from "../../../.ci/wrangler-command.ts";

const require = createRequire(import.meta.url);
const run = promisify(execFile);

let folder: string;
let file: string;
let kept: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "switchyard-compiled-"));
  file = join(folder, "program.js");
  kept = join(folder, "kept");
  await writeFile(join(folder, "package.json"), '{"type":"commonjs"}');
  await writeFile(join(folder, "beside.js"), "exports.word = 'beside ⛅';");
  await writeFile(file, program("first"));
});
afterEach(async () => rm(folder, { recursive: true, force: true }));

const program = (word: string) => `
  exports.word = "${word} ⛅";
  exports.isMain = require.main === module;
  exports.places = [__filename, __dirname, module.filename];
  exports.beside = require("./beside.js").word;
  exports.late = async () => (await import("./beside.js")).default.word;
  exports.isThis = this === exports;
`;

/** Loads it as another process would. */
function loaded(isMain = false): Record<string, unknown> {
  delete require.cache[file];
  return load(file, isMain, kept) as Record<string, unknown>;
}

/** What a process of its own says of the program: one that has compiled nothing yet. */
async function elsewhere(what: string): Promise<string> {
  const loader = join(import.meta.dirname, "../../../src/demo/load-wrangler.ts");
  const script = `import { load } from ${JSON.stringify(loader)};
    const program = load(${JSON.stringify(file)}, false, ${JSON.stringify(kept)});
    console.log(${what});`;
  const args = ["--no-warnings", "--input-type=module", "-e", script];
  const { stdout, stderr } = await run(process.execPath, args);
  return (stdout + stderr).trim();
}

const wordElsewhere = async () => elsewhere("program.word");

test("is what require would give, the first time and from what is kept, and once for all who require it", async () => {
  const expected = {
    word: "first ⛅",
    isMain: false,
    places: [file, folder, file],
    beside: "beside ⛅",
    isThis: true,
  };
  const first = loaded();
  expect(first).toMatchObject(expected);
  const again = loaded();
  expect(again).toMatchObject(expected);
  expect(again).not.toBe(first);
  expect(await elsewhere("await program.late()")).toBe("beside ⛅");
  expect(load(file, false, kept)).toBe(again);
  expect(require(file)).toBe(again);
  expect(loaded(true)).toMatchObject({ ...expected, isMain: true });
});

test("what is kept is used, is of this source alone, and is made anew where V8 cannot read it", async () => {
  expect(await wordElsewhere()).toBe("first ⛅");
  const [first = ""] = await readdir(kept);
  const compiled = await readFile(join(kept, first));
  // As long as the other one, which is all that V8 looks at.
  await writeFile(file, program("other"));
  expect(await wordElsewhere()).toBe("other ⛅");
  const [other = ""] = (await readdir(kept)).filter((name) => name !== first);
  await copyFile(join(kept, first), join(kept, other));
  expect(await wordElsewhere()).toBe("first ⛅");
  await writeFile(join(kept, other), "not compiled");
  expect(await wordElsewhere()).toBe("other ⛅");
  expect((await readFile(join(kept, other))).length).toBe(compiled.length);
  expect(await readdir(kept)).toHaveLength(2);
});

test("a program that throws is not taken for loaded, and folders that cannot be written are no trouble", async () => {
  await writeFile(file, "throw new Error('no good')");
  expect(() => loaded()).toThrow("no good");
  expect(require.cache[file]).toBeUndefined();
  await writeFile(file, program("first"));
  await writeFile(kept, "a file where the folder should be");
  expect(loaded()["word"]).toBe("first ⛅");
  await rm(kept);
  // Nothing can be put in the place of a folder.
  loaded();
  const [name = ""] = await readdir(kept);
  await rm(join(kept, name));
  await mkdir(join(kept, name, "full"), { recursive: true });
  expect(loaded()["word"]).toBe("first ⛅");
});

test("wrangler runs by it, and ends as it ended", async () => {
  await expect(run(process.execPath, [...WRANGLER, "no-such-command"])).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringContaining("no-such-command") as string,
  });
});
