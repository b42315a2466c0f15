import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { SourceMap, type SourceMapPayload } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { afterEach, beforeEach, expect, test } from "vitest";

import { makeSmaller, MAX_KEPT } from "../../../.ci/smaller.ts";

const SOURCE = `
const words = (_make: () => string): undefined => undefined;
const longSentence = () => "left out with the words";
const half = (value: number) => value / 2;

export default {
  told: words(() => longSentence()),
  half(value: number) {
    if (value < 0)
      throw new Error("below nothing");
    return half(value);
  },
};
`;

let folder = "";

/** Where results are kept, apart from those of other tests. */
const kept = () => join(folder, "kept");

/** Writes what wrangler would build of a source, into the folder or one below it. */
async function built(source: string, below = ""): Promise<void> {
  await writeFile(join(folder, "source.ts"), source);
  await build({
    entryPoints: [join(folder, "source.ts")],
    outfile: join(folder, below, "index.js"),
    bundle: true,
    minify: true,
    format: "esm",
    sourcemap: true,
    sourceRoot: folder,
  });
}

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "switchyard-smaller-"));
  await built(SOURCE);
});
afterEach(async () => rm(folder, { recursive: true, force: true }));

const read = async (name: string) => readFile(join(folder, name), "utf8");

test("leaves out what nothing needs, and changes nothing that the code does", async () => {
  const before = await read("index.js");
  expect(before).toContain("left out with the words");
  await makeSmaller(folder, kept());
  const after = await read("index.js");
  expect(after).not.toContain("left out with the words");
  const { default: made } = (await import(join(folder, "index.js"))) as {
    default: { half: (value: number) => number };
  };
  expect(made.half(6)).toBe(3);
  expect(() => made.half(-1)).toThrow("below nothing");
});

test("keeps a map that leads to the sources, and names no folder of this machine", async () => {
  await makeSmaller(folder, kept());
  const code = await read("index.js");
  expect(code).toMatch(/\n\/\/# sourceMappingURL=index\.js\.map$/);
  const text = await read("index.js.map");
  expect(text).not.toContain(folder);
  const payload = JSON.parse(text) as SourceMapPayload;
  const column = code.indexOf("new Error");
  expect(new SourceMap(payload).findEntry(0, column)).toMatchObject({
    originalSource: "source.ts",
    originalLine: SOURCE.split("\n").findIndex((line) => line.includes("throw")),
  });
  expect(payload.sourcesContent).toEqual([SOURCE]);
});

test("takes what was made of the same before, and of nothing else", async () => {
  await makeSmaller(folder, kept());
  const [code, map] = [await read("index.js"), await read("index.js.map")];
  const [name = ""] = await readdir(kept());
  await writeFile(join(kept(), name, "index.js"), "kept");
  await built(SOURCE);
  await makeSmaller(folder, kept());
  expect([await read("index.js"), await read("index.js.map")]).toEqual(["kept", map]);
  // The code is the same, and a map leads to other lines.
  await built(`\n${SOURCE}`);
  await makeSmaller(folder, kept());
  expect(await read("index.js")).toBe(code);
  expect(await read("index.js.map")).not.toBe(map);
});

test("takes what was made of the same elsewhere, with a map whose paths begin where it is", async () => {
  await makeSmaller(folder, kept());
  const [name = ""] = await readdir(kept());
  await writeFile(join(kept(), name, "index.js"), "kept");
  await built(SOURCE, "below/it");
  await makeSmaller(join(folder, "below/it"), kept());
  expect(await readdir(kept())).toEqual([name]);
  expect(await read("below/it/index.js")).toBe("kept");
  const sources = async (map: string) =>
    (JSON.parse(await read(map)) as { readonly sources: readonly string[] }).sources;
  expect(await sources("index.js.map")).toEqual(["source.ts"]);
  expect(await sources("below/it/index.js.map")).toEqual(["../../source.ts"]);
});

test("makes anew what is kept by half", async () => {
  await makeSmaller(folder, kept());
  const code = await read("index.js");
  const [name = ""] = await readdir(kept());
  await rm(join(kept(), name, "index.js.map"));
  await built(SOURCE);
  await makeSmaller(folder, kept());
  expect(await read("index.js")).toBe(code);
});

test(`keeps the newest ${MAX_KEPT}`, async () => {
  for (let n = 1; n <= MAX_KEPT; n += 1) {
    await built(`export default ${n};`);
    await makeSmaller(folder, kept());
  }
  const before = await readdir(kept());
  expect(before).toHaveLength(MAX_KEPT);
  await built("export default 0;");
  await makeSmaller(folder, kept());
  const after = await readdir(kept());
  expect(after).toHaveLength(MAX_KEPT);
  expect(after.filter((name) => !before.includes(name))).toHaveLength(1);
});
