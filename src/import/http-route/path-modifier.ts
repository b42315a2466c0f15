import type { PathMatch } from "../entry.ts";
import type { Place } from "../place.ts";
import { readPath } from "./matches.ts";

/** A new path, whole or in place of the prefix that matched, as redirects and rewrites of policies write it. */
export type NewPath = { readonly path: string } | { readonly prefix: string };

/** A `path` of a redirect or a rewrite. */
export function readNewPath(place: Place): NewPath | undefined {
  const fields = place.fields(["type", "replaceFullPath", "replacePrefixMatch"]);
  if (fields === undefined) return undefined;
  const type = fields.get("type");
  if (type === undefined) return place.at("type").error("is missing");
  const kind = type.word(["ReplaceFullPath", "ReplacePrefixMatch"]);
  const [wanted, other] =
    kind === "ReplaceFullPath"
      ? (["replaceFullPath", "replacePrefixMatch"] as const)
      : (["replacePrefixMatch", "replaceFullPath"] as const);
  if (kind === undefined) return undefined;
  fields.get(other)?.error(`does not go with the type ${kind}`);
  const value = fields.get(wanted);
  if (value === undefined) return place.at(wanted).error(`is missing: the type is ${kind}`);
  const path = value.value === "" ? "" : readPath(value);
  if (path === undefined) return undefined;
  return kind === "ReplaceFullPath"
    ? { path: path === "" ? "/" : path }
    : { prefix: path.replace(/\/$/, "") };
}

/** Tells where a prefix is to be replaced that no match names. */
export function demandPrefix(
  place: Place,
  modified: NewPath | undefined,
  paths: readonly PathMatch[],
): void {
  if (modified === undefined || !("prefix" in modified)) return;
  if (paths.some(({ kind }) => kind !== "prefix"))
    place.error("replaces the matched prefix, and a match of the rule is not a PathPrefix");
}
