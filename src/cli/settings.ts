import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";

import * as v from "valibot";

import { strictObject, expected, splitMessage } from "../lib/strict-object.ts";
import { FlagSchema } from "../policy/values.ts";
import type { Access } from "../api/client/connect.ts";
import { Failure, reasonOf } from "./failure.ts";
import type { Io } from "./io.ts";

/** Where settings are kept; looked for in the working folder and those above it. */
export const SETTINGS_FILE = ".switchyard.json";

/** Where `npm start` listens. */
export const DEFAULT_URL = "http://127.0.0.1:8787";

/** Folder of policies where neither the command line nor the settings name one. */
export const DEFAULT_POLICIES = "policies";

/**
 * The token of `npm start`. Fixed and public on purpose: it guards nothing but servers on this
 * machine, and is sent to loopback addresses alone.
 */
export const DEMO_TOKEN = "switchyard-demo-token-not-for-production";

const text = (what: string, fix: string) => v.string(expected(what, fix));

const SettingsSchema = strictObject(
  {
    url: v.exactOptional(text("be a URL", `write for example "${DEFAULT_URL}"`)),
    policies: v.exactOptional(text("be a folder", `write for example "${DEFAULT_POLICIES}"`)),
    allowPrivateOrigins: v.exactOptional(FlagSchema),
  },
  "settings file",
);

/** What stands in the settings file. No token: those belong in the environment, not in a repository. */
export type Settings = v.InferOutput<typeof SettingsSchema>;

async function readSettings(file: string): Promise<Settings | undefined> {
  const content = await readFile(file, "utf8").catch(() => undefined);
  if (content === undefined) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(content);
  } catch (error) {
    throw new Failure(`${file} is not JSON: ${reasonOf(error)}`, "mend it, or remove it");
  }
  const result = v.safeParse(SettingsSchema, value);
  if (result.success) return result.output;
  const [issue] = result.issues;
  const { message, fix } = splitMessage(issue.message);
  throw new Failure(`${file}: ${v.getDotPath(issue) ?? "it"} ${message}`, fix);
}

/** The settings that hold in a folder: the nearest file at or above it; none is as good as empty. */
export async function settingsFor(cwd: string): Promise<Settings> {
  for (let folder = cwd; ; folder = dirname(folder)) {
    const settings = await readSettings(join(folder, SETTINGS_FILE));
    if (settings !== undefined) return settings;
    if (dirname(folder) === folder) return {};
  }
}

function isLoopback({ hostname }: URL): boolean {
  return /^(?:127(?:\.\d+){3}|\[::1\]|localhost|.+\.localhost)$/.test(hostname);
}

/** The API's address and token: options before the environment before the settings before `npm start`. */
export async function accessFor(
  io: Io,
  given: { readonly url?: string | undefined; readonly token?: string | undefined },
): Promise<Access> {
  const wanted =
    given.url ?? (io.env["SY_URL"] || undefined) ?? (await settingsFor(io.cwd)).url ?? DEFAULT_URL;
  const url = URL.parse(wanted);
  if (url === null || !/^https?:$/.test(url.protocol) || url.search !== "" || url.hash !== "")
    throw new Failure(`"${wanted}" is not a URL of a gateway`, `write for example ${DEFAULT_URL}`);
  const local = isLoopback(url);
  if (url.protocol === "http:" && !local)
    throw new Failure(`${url.origin} would get the token in the clear`, "use https://");
  const token =
    given.token ?? (io.env["SY_TOKEN"] || undefined) ?? (local ? DEMO_TOKEN : undefined);
  if (token === undefined)
    throw new Failure(`there is no token for ${url.origin}`, "set SY_TOKEN, or give --token");
  return { url: url.href.replace(/\/+$/, ""), token };
}
