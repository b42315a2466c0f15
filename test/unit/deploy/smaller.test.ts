import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { SourceMap, type SourceMapPayload } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { afterEach, beforeEach, expect, test } from "vitest";

import { makeSmaller } from "../../../.ci/smaller.ts";

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

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "switchyard-smaller-"));
  await writeFile(join(folder, "source.ts"), SOURCE);
  // As wrangler builds.
  await build({
    entryPoints: [join(folder, "source.ts")],
    outfile: join(folder, "index.js"),
    bundle: true,
    minify: true,
    format: "esm",
    sourcemap: true,
    sourceRoot: folder,
  });
});
afterEach(async () => rm(folder, { recursive: true, force: true }));

const read = async (name: string) => readFile(join(folder, name), "utf8");

test("leaves out what nothing needs, and changes nothing that the code does", async () => {
  const before = await read("index.js");
  expect(before).toContain("left out with the words");
  await makeSmaller(folder);
  const after = await read("index.js");
  expect(after).not.toContain("left out with the words");
  const { default: made } = (await import(join(folder, "index.js"))) as {
    default: { half: (value: number) => number };
  };
  expect(made.half(6)).toBe(3);
  expect(() => made.half(-1)).toThrow("below nothing");
});

test("keeps a map that leads to the sources, and names no folder of this machine", async () => {
  await makeSmaller(folder);
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
