import type { Backends } from "../../import/backends.ts";
import { importManifests } from "../../import/manifests.ts";
import { importRedirects } from "../../import/redirects/redirects.ts";
import type { Imported } from "../../import/policies.ts";
import type { Report } from "../../import/report.ts";
import type { Policy } from "../../policy/schema.ts";
import type { Position } from "../source/document.ts";
import type { Format } from "./format.ts";
import { documentsOf, type Document, type Unread } from "./read.ts";

/** A file of the input. */
export interface Input {
  readonly file: string;
  readonly format: Exclude<Format, "switchyard">;
  readonly text: string;
}

/** A report with its place in a file. */
export interface PlacedReport extends Report, Position {
  readonly file: string;
}

/** What all files came to. */
export interface Gathered {
  readonly policies: Readonly<Record<string, Policy>>;
  readonly reports: readonly PlacedReport[];
  readonly missing: readonly string[];
}

/** The line that a path of a `_redirects` file names: `$[11].to` is on line 12. */
function locateLine(path: string): Position {
  const index = /^\$\[(\d+)\]/.exec(path)?.[1];
  return { line: index === undefined ? 1 : Number(index) + 1, column: 1 };
}

function placed(
  { reports }: Imported,
  of: (document: number) => Pick<Document, "file" | "locate"> | undefined,
): PlacedReport[] {
  return reports.map(({ level, object, field, message, document, path }) => {
    const { file = "-", locate } = of(document) ?? {};
    return { level, object, field, message, file, ...(locate?.(path) ?? { line: 1, column: 1 }) };
  });
}

const ofUnread = ({ file, line, column, message }: Unread): PlacedReport => ({
  level: "error",
  object: file,
  field: `line ${line}`,
  message,
  file,
  line,
  column,
});

const taken = (key: string, file: string): PlacedReport => ({
  level: "error",
  object: file,
  field: key,
  message: "another file has rules for this key, too: import one of them",
  file,
  line: 1,
  column: 1,
});

/** Imports all files: manifests together, for they may speak of one another, and each file of redirects for itself. */
export function gather(
  inputs: readonly Input[],
  { key, backends }: { readonly key: string; readonly backends: Backends },
): Gathered {
  const documents: Document[] = [];
  const unread: Unread[] = [];
  for (const { file, format, text } of inputs) {
    if (format !== "manifests") continue;
    const read = documentsOf(file, text);
    documents.push(...read.documents);
    unread.push(...read.unread);
  }
  const objects = importManifests(
    documents.map(({ value }) => value),
    backends,
  );
  const policies = new Map(Object.entries(objects.policies));
  const reports = [...unread.map(ofUnread), ...placed(objects, (at) => documents[at])];
  const missing = new Set(objects.missing);
  for (const { file, format, text } of inputs) {
    if (format !== "redirects") continue;
    const one = importRedirects(text, { key, backends });
    reports.push(...placed(one, () => ({ file, locate: locateLine })));
    for (const name of one.missing) missing.add(name);
    for (const [host, policy] of Object.entries(one.policies)) {
      if (policies.has(host)) reports.push(taken(host, file));
      else policies.set(host, policy);
    }
  }
  return { policies: Object.fromEntries(policies), reports, missing: [...missing] };
}
