import { command } from "../command.ts";
import { print, printJson } from "../io.ts";
import { wholeOf } from "../numbers.ts";
import { KEY_ARGUMENT, SERVER_OPTIONS } from "../options.ts";
import { getRoute, listVersions } from "../../api/client/reads.ts";
import type { VersionLine } from "../../api/versions.ts";
import { connect } from "../server.ts";
import { accessFor } from "../access/access.ts";
import { checkedKey } from "../source/local.ts";
import { table } from "../text/table.ts";

/** Versions on one page of the API. */
const PAGE = 100;

export const history = command({
  name: "history",
  description: "Who changed a route, when, how and why; the newest first",
  args: {
    ...KEY_ARGUMENT,
    limit: { type: "string", alias: "n", description: "How many (default 20)", valueHint: "n" },
    ...SERVER_OPTIONS,
  },
  run: async ({ args, io }) => {
    const limit = wholeOf("--limit", args.limit ?? "20", 1, 1_000_000);
    const client = connect(await accessFor(io, args));
    const key = checkedKey(args.key);
    const versions: VersionLine[] = [];
    let cursor: string | undefined;
    do {
      const page = await listVersions(client, key, Math.min(PAGE, limit - versions.length), cursor);
      versions.push(...page.versions);
      cursor = page.cursor ?? undefined;
    } while (cursor !== undefined && versions.length < limit);
    if (args.json === true) return printJson(io, versions);
    const { published } = await getRoute(client, key).catch(() => ({ published: 0 }));
    const rows = versions.map(({ version, action, author, at, note }) => [
      `${version}${version === published ? " *" : ""}`,
      action,
      author,
      at,
      note,
    ]);
    print(io, ...table(io, ["version", "action", "author", "when", "note"], rows));
    if (published > 0) print(io, "* is what KV has");
  },
});
