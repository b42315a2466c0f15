import { dirname, join } from "node:path";

import * as v from "valibot";

import { strictObject, expected, splitMessage } from "../lib/strict-object.ts";
import { FlagSchema } from "../policy/values.ts";
import { Failure, reasonOf } from "./failure.ts";
import { readIfThere, statIfThere } from "./files/read.ts";

/** Where a project's settings are kept; looked for in the working folder and those above it. */
export const SETTINGS_FILE = ".switchyard.json";

/** Folder of policies where neither the command line nor the settings name one. */
export const DEFAULT_POLICIES = "policies";

const text = (what: string, fix: string) => v.string(expected(what, fix));

const SettingsSchema = strictObject(
  {
    url: v.exactOptional(text("be a URL", 'write for example "https://gateway.example.com"')),
    environment: v.exactOptional(text("be the name of a login", 'write for example "production"')),
    policies: v.exactOptional(text("be a folder", `write for example "${DEFAULT_POLICIES}"`)),
    allowPrivateOrigins: v.exactOptional(FlagSchema),
    originBindings: v.exactOptional(
      v.array(
        text("be the name of a binding", 'write for example ["API"]'),
        expected("be a list of names", 'write for example ["API"]'),
      ),
    ),
  },
  "settings file",
);

/** What a project's settings file says. No token: those belong to a person, not to a repository. */
type Settings = v.InferOutput<typeof SettingsSchema>;

/** The settings that hold in a folder, and the file that says so. */
export interface FoundSettings {
  readonly settings: Settings;
  /** Undefined where there is none, and the settings are empty. */
  readonly file: string | undefined;
}

async function readSettings(file: string): Promise<Settings | undefined> {
  const content = await readIfThere(file);
  if (content === undefined) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(content);
  } catch (error) {
    throw new Failure(`${file} is not JSON: ${reasonOf(error)}`, "mend it, or remove it");
  }
  const result = v.safeParse(SettingsSchema, value);
  if (result.success && result.output.url !== undefined && result.output.environment !== undefined)
    throw new Failure(`${file}: url and environment both name the gateway`, "remove one of them");
  if (result.success) return result.output;
  const [issue] = result.issues;
  const { message, fix } = splitMessage(issue.message);
  throw new Failure(`${file}: ${v.getDotPath(issue) ?? "it"} ${message}`, fix);
}

/**
 * The settings that hold in a folder: the nearest file at or above it, not above the repository it
 * is in. Throws a failure where that file cannot be read or is not valid.
 */
export async function settingsFor(cwd: string): Promise<FoundSettings> {
  for (let folder = cwd; ; folder = dirname(folder)) {
    const file = join(folder, SETTINGS_FILE);
    const settings = await readSettings(file);
    if (settings !== undefined) return { settings, file };
    const isTop = (await statIfThere(join(folder, ".git"))) !== undefined;
    if (isTop || dirname(folder) === folder) return { settings: {}, file: undefined };
  }
}
