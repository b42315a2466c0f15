import { usage } from "../failure.ts";
import type { Io } from "../io.ts";
import { DEFAULT_POLICIES, settingsFor } from "../settings.ts";
import { readPolicies } from "../source/files.ts";
import { checkedKey } from "../source/key.ts";
import { allGood, type GoodFile } from "../source/report.ts";

/** What the files are held against. */
export interface Wanted {
  readonly path: string | undefined;
  /** For a file whose name says it not. */
  readonly key: string | undefined;
  /** Whether routes without a file are to go. */
  readonly prune: boolean;
  readonly allowReshuffle: boolean;
  /** Whether to go ahead over what was put to KV by hand, and over what somebody has taken back. */
  readonly override: boolean;
}

/** What the arguments of a command about files ask for; what is left out is not wanted. */
export function wantedBy(args: {
  readonly path?: string | undefined;
  readonly key?: string | undefined;
  readonly prune?: boolean | undefined;
  readonly "allow-reshuffle"?: boolean | undefined;
  readonly override?: boolean | undefined;
}): Wanted {
  return {
    path: args.path,
    key: args.key,
    prune: args.prune ?? false,
    allowReshuffle: args["allow-reshuffle"] ?? false,
    override: args.override ?? false,
  };
}

function filesByKey(
  files: readonly GoodFile[],
  key: string | undefined,
): ReadonlyMap<string, GoodFile> {
  const [only, ...more] = files;
  if (key !== undefined && only !== undefined && more.length === 0)
    return new Map([[checkedKey(key), only]]);
  if (key !== undefined) throw usage("--key names one route, and there are more", "leave it out");
  return new Map(
    files.map((one) => {
      if (one.key !== undefined) return [one.key, one];
      throw usage(`the name of ${one.file} is not a route key`, "say which route it is with --key");
    }),
  );
}

/** The files of the command line or the settings, all valid, by key. Origins are judged by the server: only it knows what it allows. */
export async function filesFor(
  io: Io,
  { path, key, prune }: Wanted,
): Promise<ReadonlyMap<string, GoodFile>> {
  const { settings } = await settingsFor(io.cwd);
  if (prune && path !== undefined && /\.(?:json|ya?ml)$/i.test(path))
    throw usage("--prune with one file would delete every other route", "name the folder");
  const files = await readPolicies(path ?? settings.policies ?? DEFAULT_POLICIES, io.cwd, {
    allowPrivateOrigins: true,
  });
  return filesByKey(allGood(files), key);
}
