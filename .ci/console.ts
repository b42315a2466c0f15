/** Builds the console into `dist/console`, where nothing of its sources has changed since: the pages, and apart from them the one that signs people in, which anybody may load. */
import { createHash } from "node:crypto";
import {
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { replaceFolder } from "./replace-folder.ts";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const SOURCE = join(ROOT, "src/console");
const OUT = join(ROOT, "dist/console");

/** What a build was made of, among what was built, so that the two are never of different builds: never served, for a name with a dot in front is no asset. */
const STAMP = ".console-sources";

/** Whatever the console may import, and what its packages are. */
const INPUTS = [
  ".ci/{console,replace-folder}.ts",
  "package-lock.json",
  "src/{console,import,api,preview,decide,policy,report,stats,lib}/**/*.*",
];

/** Each page's file, and where what it loads goes: all below `assets/public` is served to anybody. */
const PAGES = [
  { html: "index.html", assetsDir: "assets" },
  { html: "sign-in.html", assetsDir: "assets/public" },
];

function sources(): string {
  const hash = createHash("sha256");
  for (const file of INPUTS.flatMap((pattern) => globSync(pattern, { cwd: ROOT })).toSorted())
    hash
      .update(file)
      .update("\0")
      .update(readFileSync(join(ROOT, file)))
      .update("\0");
  return hash.digest("hex");
}

async function build(wanted: string): Promise<void> {
  // Loaded late: it takes a second, and most calls find everything built.
  const vite = await import("vite");
  mkdirSync(join(ROOT, "dist"), { recursive: true });
  const folder = mkdtempSync(join(ROOT, "dist/.console-"));
  // Not the folder itself, which only its owner may read.
  const made = join(folder, "made");
  try {
    for (const { html, assetsDir } of PAGES)
      await vite.build({
        configFile: false,
        root: SOURCE,
        base: "/",
        logLevel: "warn",
        // Said outright: under NODE_ENV=test it would write the place of every element into what is built.
        oxc: { jsx: { runtime: "automatic", importSource: "preact", development: false } },
        build: {
          outDir: made,
          emptyOutDir: false,
          assetsDir,
          // Nothing as a data: address, which the pages' own policy would have to allow.
          assetsInlineLimit: 0,
          target: "es2023",
          modulePreload: { polyfill: false },
          rolldownOptions: {
            input: join(SOURCE, html),
            // On a busy machine it would tell of its plugins whoever deploys.
            checks: { bundlerTimings: false },
          },
        },
      });
    writeFileSync(join(made, STAMP), wanted);
    replaceFolder(made, OUT, join(folder, "before"));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Builds what has changed: some tenths of a second where nothing has. Rejects with what is wrong with the sources. */
export async function buildConsole(): Promise<void> {
  const wanted = sources();
  const stamp = join(OUT, STAMP);
  const built = existsSync(stamp) ? readFileSync(stamp, "utf8") : "";
  if (built !== wanted) await build(wanted);
}

if (import.meta.main) await buildConsole();
