import { readdir, readFile } from "node:fs/promises";
import { basename, extname, join, relative, resolve } from "node:path";

import { isRouteKey } from "../../policy/keys.ts";
import { parseValue } from "../../policy/parse.ts";
import type { CheckOptions } from "../../policy/check.ts";
import type { Policy } from "../../policy/schema.ts";
import { Failure } from "../failure.ts";
import { statIfThere } from "../files/read.ts";
import { readDocument, type Located, type Position } from "./document.ts";

/** What a file says of a route, or what is wrong with it. */
export type PolicyFile = {
  /** As people gave it, or below the folder they gave. */
  readonly file: string;
  /** What the file's name says; no key where the name is none. */
  readonly key: string | undefined;
} & (
  | { readonly ok: true; readonly policy: Policy; readonly locate: (path: string) => Position }
  | { readonly ok: false; readonly issues: readonly Located[] }
);

const FORMATS = { ".json": "json", ".yaml": "yaml", ".yml": "yaml" } as const;

function formatOf(file: string): "json" | "yaml" | undefined {
  const extension = extname(file).toLowerCase();
  return Object.entries(FORMATS).find(([known]) => known === extension)?.[1];
}

/** The key a file is named after: `shop.example.com.yaml`, and `%2A.example.com.yaml` where `*` cannot be in a name. */
export function keyOfFile(file: string): string | undefined {
  const name = basename(file, extname(file));
  try {
    const key = decodeURIComponent(name);
    return isRouteKey(key) ? key : undefined;
  } catch {
    return undefined;
  }
}

/** Reads and checks one policy from a text. */
function readPolicy(
  text: string,
  format: "json" | "yaml",
  options: CheckOptions,
):
  | { readonly ok: true; readonly policy: Policy; readonly locate: (path: string) => Position }
  | { readonly ok: false; readonly issues: readonly Located[] } {
  const source = readDocument(text, format);
  if (!source.ok) return source;
  const parsed = parseValue(source.value, options);
  if (parsed.ok) return { ok: true, policy: parsed.policy, locate: source.locate };
  const issues = parsed.issues
    .map((issue) => ({ ...issue, ...source.locate(issue.path) }))
    .toSorted((a, b) => a.line - b.line || a.column - b.column);
  return { ok: false, issues };
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile() && formatOf(entry.name) !== undefined)
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !/(?:^|[/\\])\./.test(relative(folder, file)))
    .toSorted();
}

async function readOne(path: string, file: string, options: CheckOptions): Promise<PolicyFile> {
  const text = await readFile(path, "utf8");
  const key = keyOfFile(path);
  return { file, key, ...readPolicy(text, formatOf(path) ?? "json", { ...options, key }) };
}

/** Two files for one key, and files whose name is not a key: which policy a route gets must not be a matter of luck. */
function withKeysChecked(files: readonly PolicyFile[]): PolicyFile[] {
  const owners = new Map<string, string>();
  return files.map((one) => {
    const other = one.key === undefined ? undefined : owners.get(one.key);
    if (one.key !== undefined && other === undefined) owners.set(one.key, one.file);
    const fault =
      one.key === undefined
        ? {
            message: "the file's name is not a route key",
            fix: 'name it after the route, for example "shop.example.com.yaml"',
          }
        : other === undefined
          ? undefined
          : { message: `the route "${one.key}" has a file already: ${other}`, fix: "remove one" };
    if (fault === undefined) return one;
    const issue = { line: 1, column: 1, path: "$", ...fault };
    const issues = one.ok ? [issue] : [issue, ...one.issues];
    return { file: one.file, key: one.key, ok: false, issues };
  });
}

/** Reads all policies below a folder that is there, in order; none where there are none. Their origins may be private: only the server knows what it allows. */
export async function policiesBelow(folder: string, cwd: string): Promise<readonly PolicyFile[]> {
  const absolute = resolve(cwd, folder);
  const files = await filesBelow(absolute);
  const options = { allowPrivateOrigins: true };
  return withKeysChecked(
    await Promise.all(
      files.map(async (file) => readOne(file, join(folder, relative(absolute, file)), options)),
    ),
  );
}

/**
 * Reads the policy at a path, or all below a folder, in order. In a folder each file must be named
 * after its route. Throws a failure where nothing is there.
 */
export async function readPolicies(
  path: string,
  cwd: string,
  options: CheckOptions,
): Promise<readonly PolicyFile[]> {
  const absolute = resolve(cwd, path);
  const about = await statIfThere(absolute);
  if (about === undefined)
    throw new Failure(`there is no file or folder "${path}"`, "check the path");
  if (!about.isDirectory()) {
    if (formatOf(path) === undefined)
      throw new Failure(
        `"${path}" is not a policy file`,
        "its name must end in .json, .yaml or .yml",
      );
    return [await readOne(absolute, path, options)];
  }
  const files = await filesBelow(absolute);
  if (files.length === 0) {
    throw new Failure(
      `there is no policy below "${path}"`,
      "add for example shop.example.com.yaml, or run sy init",
    );
  }
  const shown = (file: string): string => join(path, relative(absolute, file));
  return withKeysChecked(
    await Promise.all(files.map(async (file) => readOne(file, shown(file), options))),
  );
}
