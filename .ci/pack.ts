/**
 * What `npm pack` and `npm publish` do first: bundles `sy` into one plain JavaScript file that needs no
 * other package, for Node takes no TypeScript below `node_modules`. Beside it stand the licences of what is in it.
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { build } from "esbuild";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** CommonJS among the libraries asks for `require`, which a module of Node's has to make for itself. */
const REQUIRE = `import { createRequire } from "node:module"; const require = createRequire(import.meta.url);`;

const { metafile } = await build({
  absWorkingDir: ROOT,
  entryPoints: ["src/cli/sy.ts"],
  outfile: "dist/sy.mjs",
  bundle: true,
  platform: "node",
  format: "esm",
  target: "node24",
  minifySyntax: true,
  minifyWhitespace: true,
  banner: { js: REQUIRE },
  legalComments: "none",
  metafile: true,
  logLevel: "warning",
});

/** The folder of the package that a bundled file is of. */
const packageOf = (file: string): string | undefined =>
  /^node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0];

function licenceOf(folder: string): string {
  const file = readdirSync(join(ROOT, folder)).find((name) => /^licen[cs]e/i.test(name));
  if (file === undefined) throw new Error(`${folder} has no file with its licence`);
  return readFileSync(join(ROOT, folder, file), "utf8").trim();
}

const bundled = new Set(Object.keys(metafile.inputs).flatMap((file) => packageOf(file) ?? []));
const licences = [...bundled]
  .toSorted()
  .map((folder) => `${folder.slice("node_modules/".length)}\n\n${licenceOf(folder)}\n`);
writeFileSync(join(ROOT, "dist/sy.licenses.txt"), licences.join("\n---\n\n"));
