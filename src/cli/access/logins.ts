import { isAbsolute, join } from "node:path";

import * as v from "valibot";

import { readIfThere, statIfThere } from "../files/read.ts";
import { makePrivateFolder, replacePrivate } from "../files/write.ts";
import { Failure } from "../failure.ts";
import type { Io } from "../io.ts";

const LoginsSchema = v.object({
  /** Each gateway by its URL, with the token that was given for it, and the name it is called by. */
  gateways: v.array(v.object({ url: v.string(), token: v.string(), name: v.optional(v.string()) })),
});

/** One gateway that somebody has logged in to. */
export type Login = v.InferOutput<typeof LoginsSchema>["gateways"][number];

/** Bits of a file's mode that let others read or write it. */
const OTHERS_MODE = 0o077;

/**
 * The file of the user's logins: below `XDG_CONFIG_HOME`, else `~/.config` (XDG Base Directory
 * Specification, which says that a relative path counts as none). Undefined where no home is known.
 */
function fileOf({ env }: Io): string | undefined {
  const wanted = env["XDG_CONFIG_HOME"] ?? "";
  const home = env["HOME"] ?? env["USERPROFILE"] ?? "";
  const config = isAbsolute(wanted) ? wanted : isAbsolute(home) ? join(home, ".config") : undefined;
  return config === undefined ? undefined : join(config, "switchyard", "logins.json");
}

/** All gateways that the user has logged in to. Throws a failure where the file is not theirs alone, or cannot be read. */
export async function readLogins(io: Io): Promise<readonly Login[]> {
  const file = fileOf(io);
  const about = file === undefined ? undefined : await statIfThere(file);
  if (file === undefined || about === undefined) return [];
  if (process.platform !== "win32" && (about.mode & OTHERS_MODE) !== 0)
    throw new Failure(`${file} holds tokens, and others may read it`, `chmod 600 ${file}`);
  const text = (await readIfThere(file)) ?? "";
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), LoginsSchema), text);
  if (parsed.success) return parsed.output.gateways;
  throw new Failure(`${file} cannot be read`, "remove it, and log in again");
}

/** Replaces the user's logins, in a file for them alone; gives its path. */
export async function writeLogins(io: Io, gateways: readonly Login[]): Promise<string> {
  const file = fileOf(io);
  if (file === undefined)
    throw new Failure("there is no folder to keep a token in", "set HOME or XDG_CONFIG_HOME");
  await makePrivateFolder(file);
  await replacePrivate(file, `${JSON.stringify({ gateways }, null, 2)}\n`);
  return file;
}
