import { mkdtemp, mkdir, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { afterEach, beforeEach, expect, test } from "vitest";

import { built } from "../../../.ci/built.ts";

let root: string;
let times: number;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "switchyard-built-"));
  await mkdir(join(root, "src"));
  await writeFile(join(root, "src/one.ts"), "1");
  times = 0;
});
afterEach(async () => rm(root, { recursive: true }));

const build = async (make?: (folder: string) => Promise<void>) =>
  built(
    {
      name: "thing",
      inputs: ["src/**/*.ts"],
      make:
        make ??
        (async (folder) => {
          times += 1;
          await mkdir(folder);
          await writeFile(join(folder, "made"), await readFile(join(root, "src/one.ts"), "utf8"));
        }),
    },
    root,
  );

const made = async (folder: string) => readFile(join(folder, "made"), "utf8");

test("what was built stays until something that it is made of changes, comes or goes", async () => {
  const folder = await build();
  expect([folder, await made(folder), times]).toEqual([join(root, "dist/thing"), "1", 1]);
  await build();
  await writeFile(join(root, "src/one.md"), "not of it");
  await build();
  expect(times).toBe(1);
  await writeFile(join(root, "src/one.ts"), "2");
  expect([await made(await build()), times]).toEqual(["2", 2]);
  await writeFile(join(root, "src/two.ts"), "");
  await build();
  expect(times).toBe(3);
  await rm(join(root, "src/two.ts"));
  await build();
  expect(times).toBe(4);
});

test("a build that fails leaves what there was, and nothing beside it, and is tried again", async () => {
  const folder = await build();
  await writeFile(join(root, "src/one.ts"), "2");
  const failing = build(async (half) => {
    await mkdir(half);
    throw new Error("wrong sources");
  });
  await expect(failing).rejects.toThrow("wrong sources");
  expect([await made(folder), await readdir(join(root, "dist"))]).toEqual(["1", ["thing"]]);
  expect(await made(await build())).toBe("2");
});
