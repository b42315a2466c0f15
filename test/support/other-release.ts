import { readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { build, type Plugin } from "esbuild";

import { ENTRY, OBSERVER, type WorkerName } from "./worker-build.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

const ENTRIES: Readonly<Record<WorkerName, string>> = {
  gateway: "src/index.ts",
  control: "src/control/index.ts",
};

/** A source file of another release: the file, what stands there now, and what stands there then. */
export type Edit = readonly [file: string, now: string, then: string];

function edited(edits: readonly Edit[]): Plugin {
  const files = new Map<string, string>();
  for (const [file, now, then] of edits) {
    const path = join(ROOT, file);
    const text = files.get(path) ?? readFileSync(path, "utf8");
    if (!text.includes(now)) throw new Error(`${file} does not have: ${now}`);
    files.set(
      path,
      text.replace(now, () => then),
    );
  }
  return {
    name: "other-release",
    setup: (on) => {
      on.onLoad({ filter: /\.ts$/ }, ({ path }) => {
        const contents = files.get(path);
        return contents === undefined ? undefined : { contents, loader: "ts" };
      });
    },
  };
}

/**
 * Builds a Worker as another release has it: this one's sources with some edits. Gives its folder, and what removes it.
 */
export async function otherRelease(name: WorkerName, edits: readonly Edit[]) {
  const directory = await mkdtemp(join(tmpdir(), "switchyard-release-"));
  await build({
    entryPoints: [join(ROOT, ENTRIES[name])],
    outfile: join(directory, "index.js"),
    bundle: true,
    format: "esm",
    target: "esnext",
    conditions: ["workerd", "worker", "browser"],
    external: ["cloudflare:*"],
    define: name === "gateway" ? { WITHOUT_WORDS: "true" } : {},
    plugins: [edited(edits)],
    logLevel: "error",
  });
  await writeFile(join(directory, ENTRY), OBSERVER);
  return { directory, remove: async () => rm(directory, { recursive: true, force: true }) };
}
