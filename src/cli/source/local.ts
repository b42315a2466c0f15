import { resolve } from "node:path";

import type { Policy } from "../../policy/schema.ts";
import { Failure, usage } from "../failure.ts";
import type { Io } from "../io.ts";
import { settingsFor } from "../settings.ts";
import { readPolicies } from "./files.ts";
import { checkedKey } from "./key.ts";
import { allGood } from "./report.ts";

/** A policy with the key it is decided under: the key is part of what is hashed. */
export interface RoutePolicy {
  readonly key: string;
  readonly policy: Policy;
}

/** Reads one policy from a file. Its key is the one given, else what the file is named after, else `otherwise`. */
export async function localPolicy(
  io: Io,
  file: string,
  key: string | undefined,
  otherwise?: string,
): Promise<RoutePolicy> {
  const { settings } = await settingsFor(io.cwd);
  const { allowPrivateOrigins = true, originBindings } = settings;
  const options = { allowPrivateOrigins, originBindings };
  const [one, ...more] = allGood(await readPolicies(file, io.cwd, options));
  if (one === undefined || more.length > 0)
    throw new Failure(`"${file}" holds ${more.length + 1} policies`, "name one file");
  const found = key ?? one.key ?? otherwise;
  if (found === undefined) {
    throw usage(
      `the name of ${resolve(io.cwd, file)} is not a route key`,
      "say which route it is with --key",
    );
  }
  return { key: checkedKey(found), policy: one.policy };
}
