import { findRoute, listVersions } from "../../api/client/reads.ts";
import type { VersionLine } from "../../api/versions.ts";
import { accessFor } from "../access/access.ts";
import { command } from "../command.ts";
import { note, print, printJson } from "../io.ts";
import { wholeOf } from "../numbers.ts";
import { KEY_ARGUMENT, SERVER_OPTIONS } from "../options.ts";
import { connect } from "../server.ts";
import { checkedKey } from "../source/key.ts";
import { isDeletion } from "../text/drift.ts";
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
    // A deleted route is not there any more, and KV has none of its versions.
    const route = await findRoute(client, key);
    const inKv = route === undefined || route.drift !== null ? 0 : route.published;
    const rows = versions.map(({ version, action, author, at, note: why }) => [
      `${version}${version === inKv ? " *" : ""}`,
      action,
      author,
      at,
      why,
    ]);
    print(io, ...table(io, ["version", "action", "author", "when", "note"], rows));
    if (inKv > 0) print(io, "* is what KV has");
    else if (route?.drift != null)
      note(
        io,
        isDeletion(route.drift)
          ? `KV has none of these: its value was deleted by hand; see sy get ${key}`
          : `KV has none of these, but a value put there by hand: see sy get ${key}`,
      );
  },
});
