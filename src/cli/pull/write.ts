import { lstat, readFile, rename, rm, writeFile } from "node:fs/promises";

import { Failure } from "../failure.ts";
import { changedYaml } from "./yaml.ts";

/** The text of a new file. */
const newText = (policy: unknown): string => `${JSON.stringify(policy, null, 2)}\n`;

/** Writes a file that is not there. Throws `EEXIST` where anything is, a symbolic link included. */
export async function create(path: string, policy: unknown): Promise<void> {
  await writeFile(path, newText(policy), { flag: "wx" });
}

/** Makes a file that is there say something else, whole or not at all, with its mode. Follows no symbolic link. */
export async function update(path: string, policy: unknown): Promise<void> {
  const about = await lstat(path);
  if (about.isSymbolicLink())
    throw new Failure(`"${path}" is a symbolic link`, "name the folder that it leads to");
  const isYaml = /\.ya?ml$/i.test(path);
  const text = isYaml ? changedYaml(await readFile(path, "utf8"), policy) : newText(policy);
  const fresh = `${path}.new`;
  await rm(fresh, { force: true });
  await writeFile(fresh, text, { flag: "wx", mode: about.mode & 0o777 });
  await rename(fresh, path);
}
