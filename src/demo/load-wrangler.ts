/** Loads wrangler for whoever runs Workers in a process of its own, and runs it where it is what Node was started with. */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import Module, { createRequire } from "node:module";
import { basename, dirname, join } from "node:path";
import { cachedDataVersionTag } from "node:v8";
import { constants, Script } from "node:vm";
import { crc32 } from "node:zlib";

import type * as Wrangler from "wrangler";

const require = createRequire(import.meta.url);

/** Among packages: who can write there can change wrangler as well. */
const KEPT = join(import.meta.dirname, "../../node_modules/.cache/compiled");

/** What Node puts around a file of CommonJS. */
const [BEFORE = "", AFTER = ""] = Module.wrap("\0").split("\0");

function readKept(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}

function keep(file: string, compiled: Buffer): void {
  try {
    mkdirSync(dirname(file), { recursive: true });
    // Nobody may read half of it.
    writeFileSync(`${file}.${process.pid}`, compiled);
    renameSync(`${file}.${process.pid}`, file);
  } catch {
    // Packages may be read-only: the next one compiles it again.
  }
}

/**
 * Loads a file of CommonJS as `require` does, as the program that was started where `isMain` says so. Node's own cache keeps
 * of a file what is compiled before it runs: of wrangler, 15 MB of functions that wait to be called, not much. In `kept` is
 * what has been compiled once it is loaded, which takes a quarter off each start.
 */
export function load(file: string, isMain = false, kept = KEPT): unknown {
  const known = require.cache[file];
  if (known !== undefined) return known.exports;
  const source = Buffer.concat([Buffer.from(BEFORE), readFileSync(file), Buffer.from(AFTER)]);
  // Of a source V8 looks at nothing but the length.
  const made = [process.version, process.arch, cachedDataVersionTag(), crc32(source)].join("-");
  const place = join(kept, `${basename(file)}-${made}`);
  const cachedData = readKept(place);
  const script = new Script(source.toString(), {
    filename: file,
    // Wrangler imports little, and late, but Node warns then that this may change: whoever runs it turns that off.
    importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
    ...(cachedData === undefined ? {} : { cachedData }),
  });
  const module = new Module(file);
  module.filename = file;
  const own = createRequire(file);
  if (isMain) own.main = module;
  require.cache[file] = module;
  try {
    const run: unknown = script.runInThisContext();
    if (typeof run === "function")
      run.call(module.exports, module.exports, own, module, file, dirname(file));
  } catch (error) {
    delete require.cache[file];
    throw error;
  }
  module.loaded = true;
  if (cachedData === undefined || script.cachedDataRejected === true)
    keep(place, script.createCachedData());
  return module.exports;
}

/**
 * Loads wrangler, which reads its environment meanwhile, or gives the one that is loaded. Not by import: Node would read
 * 15 MB of CommonJS twice more, and find nothing of it compiled before.
 */
export function loadWrangler(isMain = false): typeof Wrangler {
  const file = require.resolve("wrangler");
  load(createRequire(file).resolve("miniflare"));
  return load(file, isMain) as typeof Wrangler;
}

if (import.meta.main) loadWrangler(true);
