import { command } from "../command.ts";
import { usage } from "../failure.ts";
import { beginningOf } from "../import/beginning.ts";
import { formatOf, wantedFormat, type Format } from "../import/format.ts";
import type { Input } from "../import/gather.ts";
import { textOf } from "../import/read.ts";
import type { Io } from "../io.ts";
import { EDIT_OPTIONS, SERVER_OPTIONS, YES_OPTION } from "../options.ts";
import { checkedKey } from "../source/key.ts";
import { IMPORT_CONCURRENCY, importExport } from "../transfer/import-export.ts";

interface FileFormat {
  readonly file: string;
  readonly format: Format;
}

async function toldFormats(
  io: Io,
  files: readonly string[],
  wanted: Format | undefined,
  otherwise: Format,
): Promise<FileFormat[]> {
  const told: FileFormat[] = [];
  for (const file of files)
    told.push({ file, format: wanted ?? formatOf(file, await beginningOf(io, file), otherwise) });
  return told;
}

/** Options that mean nothing for an export of ours. */
const OTHERS = ["backend", "backends", "dry-run", "partial", "key"] as const;

export const importRoutes = command({
  name: "import",
  description: "Bring routes in: from an export, Kubernetes manifests, or _redirects files",
  args: {
    file: { type: "positional", description: "The files, - for stdin" },
    from: {
      type: "string",
      description: "switchyard, httproute, ingress-nginx or redirects (default: as the file looks)",
    },
    backend: {
      type: "string",
      description: "An origin by name, default/shop:80=https://…; may be repeated",
      valueHint: "name=URL",
    },
    backends: { type: "string", description: "A JSON or YAML file of names and origins" },
    key: { type: "string", description: "The route of _redirects without hosts (default *)" },
    "dry-run": { type: "boolean", description: "Print the policies, import nothing" },
    partial: { type: "boolean", description: "Leave out what cannot be said, and list it" },
    replace: { type: "boolean", description: "Replace routes that say something else" },
    concurrency: {
      type: "string",
      description: `Requests at once, for an export (default ${IMPORT_CONCURRENCY})`,
    },
    note: EDIT_OPTIONS.note,
    ...YES_OPTION,
    ...SERVER_OPTIONS,
  },
  repeatable: ["backend"],
  open: true,
  run: async ({ args, all, positionals, io }) => {
    if (positionals.includes("-") && args["token-stdin"] === true)
      throw usage("stdin cannot be both the routes and the token", "use sy login, or name a file");
    if (args.key !== undefined) checkedKey(args.key);
    const idle = OTHERS.find((name) => args[name] !== undefined);
    // What looks like no format is refused as a damaged export is, line by line, unless an option says that it is none.
    const otherwise = idle === undefined ? "switchyard" : "manifests";
    const told = await toldFormats(io, positionals, wantedFormat(args.from), otherwise);
    const inputs: Input[] = [];
    for (const { file, format } of told) {
      if (format !== "switchyard") {
        inputs.push({ file, format, text: await textOf(io, file) });
        continue;
      }
      if (told.length > 1)
        throw usage(`"${file}" is neither a manifest nor a _redirects file`, "import it by itself");
      if (idle === undefined) return importExport(io, file, args);
      throw usage(
        `--${idle} says nothing about an export of sy, which "${file}" looks like`,
        "leave it out, or say with --from what the file is",
      );
    }
    // Other people's formats take the whole policy language, and an export of ours none of it.
    const { importOthers } = await import("../import/run.ts");
    return importOthers(io, inputs, args, all("backend"));
  },
});
