import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

import { minify } from "terser";

/** What wrangler builds, in the folder it is told. */
const FILE = "index.js";
const MAP = `${FILE}.map`;

/** Further ones find nothing more. */
const PASSES = 3;

/**
 * Makes the Worker that wrangler has built into `folder` smaller, in place. wrangler's esbuild minifies file by file: it
 * keeps functions of which nothing but words were made that the build leaves out, arguments that nobody reads, and names
 * for what is used once. terser, over the whole, does not. Its options assume nothing that the language does not promise,
 * and the map still leads to the sources.
 */
export async function makeSmaller(folder: string): Promise<void> {
  const code = await readFile(join(folder, FILE), "utf8");
  const map: unknown = JSON.parse(await readFile(join(folder, MAP), "utf8"));
  // Paths from the map's own folder say enough, and are the same wherever it is built.
  const content = JSON.stringify(map, (name, value: unknown) =>
    name === "sourceRoot" ? undefined : value,
  );
  const smaller = await minify(
    { [FILE]: code },
    {
      module: true,
      ecma: 2020,
      // A function put where it is used would be made anew at each call.
      compress: { passes: PASSES, keep_fargs: false, reduce_funcs: false },
      sourceMap: { content, includeSources: true, filename: FILE, url: MAP },
    },
  );
  if (smaller.code === undefined || typeof smaller.map !== "string")
    throw new Error(`${join(folder, FILE)} could not be made smaller`);
  await writeFile(join(folder, FILE), smaller.code);
  await writeFile(join(folder, MAP), smaller.map);
}
