import { basename } from "node:path";

import { usage } from "../failure.ts";

/** What `--from` may say. Both kinds of manifests are read alike, each object by its kind. */
const FORMATS = {
  switchyard: "switchyard",
  httproute: "manifests",
  "ingress-nginx": "manifests",
  redirects: "redirects",
} as const;

/** How a file is read. */
export type Format = (typeof FORMATS)[keyof typeof FORMATS];

/** A line that `sy export` wrote, or would read. */
const EXPORT = /^\s*\{\s*"(?:key|version|policy)"\s*:/;

/** A Kubernetes object, in YAML or JSON. */
const MANIFEST = /^\s*[{,]?\s*["']?(?:apiVersion|kind)["']?\s*:/m;

/** A rule of a `_redirects` file. */
const REDIRECT = /^[ \t]*(?:\/|https?:\/\/)\S*[ \t]+(?:\S+[ \t]+)*(?:\/|https?:\/\/)\S*/m;

/** The format that somebody asked for. */
export function wantedFormat(from: string | undefined): Format | undefined {
  if (from === undefined) return undefined;
  const found = Object.entries(FORMATS).find(([name]) => name === from)?.[1];
  if (found !== undefined) return found;
  throw usage(
    `--from must be one of ${Object.keys(FORMATS).join(", ")}, not "${from}"`,
    "or leave it out: sy looks at what the file begins with",
  );
}

/** The format of a file, by its name and what it begins with; `otherwise`, where it looks like none. */
export function formatOf(file: string, beginning: string, otherwise: Format): Format {
  const text = beginning.replace(/^\uFEFF/, "");
  if (EXPORT.test(text)) return "switchyard";
  if (MANIFEST.test(text)) return "manifests";
  if (basename(file) === "_redirects" || REDIRECT.test(text)) return "redirects";
  return otherwise;
}
