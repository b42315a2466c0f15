import { createHash } from "node:crypto";
import { mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";

import type { MinifyOptions } from "terser";
import terser from "terser/package.json" with { type: "json" };
import * as v from "valibot";

/** What wrangler builds, in the folder it is told. */
const FILE = "index.js";
const MAP = `${FILE}.map`;

/** Further ones find nothing more. */
const PASSES = 3;

const OPTIONS: MinifyOptions = {
  module: true,
  ecma: 2020,
  compress: {
    passes: PASSES,
    keep_fargs: false,
    // A function put where it is used would be made anew at each call.
    reduce_funcs: false,
    // `=== void 0` after names that differ repeats more than `void 0 ===` before them.
    lhs_constants: false,
  },
};

/** Where results are kept, by what they were made of. */
const KEPT = join(import.meta.dirname, "../node_modules/.cache/smaller");

/** Results of so many builds: those of both branches that somebody works on, with and without a snapshot. */
export const MAX_KEPT = 8;

interface Built {
  readonly code: string;
  readonly map: string;
}

async function read(folder: string): Promise<Built> {
  const [code, map] = await Promise.all(
    [FILE, MAP].map(async (name) => readFile(join(folder, name), "utf8")),
  );
  return { code: code ?? "", map: map ?? "" };
}

const write = async (folder: string, { code, map }: Built) =>
  Promise.all([writeFile(join(folder, FILE), code), writeFile(join(folder, MAP), map)]);

async function keep(kept: string, name: string, made: Built): Promise<void> {
  await mkdir(kept, { recursive: true });
  const folder = await mkdtemp(join(kept, ".new-"));
  await write(folder, made);
  // Somebody else may have been quicker, with the same.
  await rename(folder, join(kept, name)).catch(async () => rm(folder, { recursive: true }));
  const all = await Promise.all(
    (await readdir(kept)).map(async (one) => {
      const path = join(kept, one);
      return {
        path,
        at: await stat(path).then(
          ({ mtimeMs }) => mtimeMs,
          () => 0,
        ),
      };
    }),
  );
  const old = all.toSorted((a, b) => b.at - a.at).slice(MAX_KEPT);
  await Promise.all(old.map(async ({ path }) => rm(path, { recursive: true, force: true })));
}

const MapSchema = v.looseObject({ sources: v.array(v.string()) });

/** What was made of a map whose sources are numbers, with their names. */
function named({ code, map }: Built, names: readonly string[]): Built {
  const { sources, ...rest } = v.parse(MapSchema, JSON.parse(map));
  const found = sources.map((number) => names[Number(number)] ?? number);
  return { code, map: JSON.stringify({ ...rest, sources: found }) };
}

/**
 * Makes the Worker that wrangler has built into `folder` smaller, in place. wrangler's esbuild minifies file by file: it
 * keeps functions of which nothing but words were made that the build leaves out, arguments that nobody reads, and names
 * for what is used once. terser, over the whole, does not. Its options assume nothing that the language does not promise,
 * and the map still leads to the sources. It takes seconds, so what was made of the same before is kept in `kept`.
 */
export async function makeSmaller(folder: string, kept = KEPT): Promise<void> {
  const { code, map } = await read(folder);
  // Paths from the map's own folder say enough.
  const { sources, sourceRoot: _, ...rest } = v.parse(MapSchema, JSON.parse(map));
  // By numbers for names, what is made of the same sources is the same wherever it is built.
  const content = JSON.stringify({ ...rest, sources: sources.map((_name, n) => String(n)) });
  const name = createHash("sha256")
    .update(JSON.stringify([terser.version, OPTIONS, code, content]))
    .digest("hex");
  const known = await read(join(kept, name)).catch(() => undefined);
  if (known !== undefined) {
    await write(folder, named(known, sources));
    return;
  }
  // Loaded late: most calls find what they need.
  const { minify } = await import("terser");
  const smaller = await minify(
    { [FILE]: code },
    { ...OPTIONS, sourceMap: { content, includeSources: true, filename: FILE, url: MAP } },
  );
  if (smaller.code === undefined || typeof smaller.map !== "string")
    throw new Error(`${join(folder, FILE)} could not be made smaller`);
  const made = { code: smaller.code, map: smaller.map };
  await write(folder, named(made, sources));
  // Where nothing can be kept, packages that are read-only say, the result is as good.
  await keep(kept, name, made).catch(() => undefined);
}
