/** Builds the console into `dist/console`, where nothing of its sources has changed since: the pages, and apart from them the one that signs people in, which anybody may load. */
import { join } from "node:path";

import { built, ROOT } from "./built.ts";

const SOURCE = join(ROOT, "src/console");

/** Whatever the console may import, and what its packages are. */
const INPUTS = ["src/{console,import,api,preview,decide,policy,report,stats,lib}/**/*.*"];

/** Each page's file, and where what it loads goes: all below `assets/public` is served to anybody. */
const PAGES = [
  { html: "index.html", assetsDir: "assets" },
  { html: "sign-in.html", assetsDir: "assets/public" },
];

async function make(outDir: string): Promise<void> {
  // Loaded late: it takes a second, and most calls find everything built.
  const vite = await import("vite");
  for (const { html, assetsDir } of PAGES)
    await vite.build({
      configFile: false,
      root: SOURCE,
      base: "/",
      logLevel: "warn",
      // Said outright: under NODE_ENV=test it would write the place of every element into what is built.
      oxc: { jsx: { runtime: "automatic", importSource: "preact", development: false } },
      build: {
        outDir,
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
}

/** Builds what has changed: some tenths of a second where nothing has. Rejects with what is wrong with the sources. */
export async function buildConsole(): Promise<void> {
  await built({ name: "console", inputs: INPUTS, make });
}

if (import.meta.main) await buildConsole();
