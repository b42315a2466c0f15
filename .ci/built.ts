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

export const ROOT = fileURLToPath(new URL("..", import.meta.url));

interface Build {
  /** Of the folder below `dist`. */
  readonly name: string;
  /** What it is made of: patterns of files. */
  readonly inputs: readonly string[];
  /** Makes it, in a folder that is not there yet. */
  readonly make: (folder: string) => Promise<void>;
}

/** What every build is made of, beside the module that is named like it. */
const OURS = [".ci/{built,replace-folder}.ts", "package.json", "package-lock.json"];

function sources(inputs: readonly string[], root: string): string {
  const hash = createHash("sha256");
  for (const file of inputs.flatMap((pattern) => globSync(pattern, { cwd: root })).toSorted())
    hash
      .update(file)
      .update("\0")
      .update(readFileSync(join(root, file)))
      .update("\0");
  return hash.digest("hex");
}

/**
 * Builds a folder of `dist` where something that it is made of has changed since, and gives its path: some tenths of a
 * second where nothing has. Rejects with what is wrong with the sources.
 */
export async function built({ name, inputs, make }: Build, root = ROOT): Promise<string> {
  const out = join(root, "dist", name);
  // Among what was built, so that the two are never of different builds; with a dot in front, for of the console everything else is served.
  const stamp = `.${name}-sources`;
  const wanted = sources([...OURS, `.ci/${name}.ts`, ...inputs], root);
  if (existsSync(join(out, stamp)) && readFileSync(join(out, stamp), "utf8") === wanted) return out;
  mkdirSync(join(root, "dist"), { recursive: true });
  const folder = mkdtempSync(join(root, `dist/.${name}-`));
  // Not the folder itself, which only its owner may read.
  const made = join(folder, "made");
  try {
    await make(made);
    writeFileSync(join(made, stamp), wanted);
    replaceFolder(made, out, join(folder, "before"));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return out;
}
