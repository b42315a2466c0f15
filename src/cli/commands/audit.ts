import type { Client } from "../../api/client/ask.ts";
import { pagesOfRoutes, readAudit } from "../../api/client/reads.ts";
import type { AuditLog } from "../../api/audit.ts";
import { Refused } from "../../api/client/refused.ts";
import { parseDuration } from "../../lib/duration.ts";
import { accessFor } from "../access/access.ts";
import { command } from "../command.ts";
import { note, print, printJson } from "../io.ts";
import { whenOf, wholeOf } from "../numbers.ts";
import { SERVER_OPTIONS } from "../options.ts";
import { connect } from "../server.ts";
import { checkedKey } from "../source/key.ts";
import { table } from "../text/table.ts";
import { pooled } from "../transfer/pool.ts";

/** Routes asked at once. */
const CONCURRENCY = 8;

/** Entries on one page of the API. */
const PAGE = 100;

/** Characters of a detail in a table. */
const MAX_DETAIL_CHARS = 60;

type Entry = AuditLog["entries"][number] & { readonly route: string };

/** When what is told begins (ms): a length of time is one back from now. */
function sinceOf(text: string, now: number): number {
  const back = parseDuration(text);
  return back.ok ? now - back.value * 1000 : Date.parse(whenOf("--since", text, now));
}

/** The entries of one route from a time on, newest first. */
async function entriesOf(client: Client, route: string, since: number): Promise<Entry[]> {
  const entries: Entry[] = [];
  let cursor: string | undefined;
  do {
    const page = await readAudit(client, route, PAGE, cursor);
    for (const entry of page.entries) {
      if (Date.parse(entry.at) < since) return entries;
      entries.push({ route, ...entry });
    }
    cursor = page.cursor ?? undefined;
  } while (cursor !== undefined);
  return entries;
}

const isNone = (error: unknown): boolean =>
  error instanceof Refused && error.code === "route-not-found";

async function* keysOf(
  client: Client,
  key: string | undefined,
  prefix: string | undefined,
): AsyncGenerator<string> {
  if (key !== undefined) {
    yield key;
    return;
  }
  for await (const { routes } of pagesOfRoutes(client, { prefix }))
    for (const route of routes) yield route.key;
}

const newestFirst = (entries: readonly Entry[], most: number): Entry[] =>
  entries.toSorted((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : b.id - a.id)).slice(0, most);

export const audit = command({
  name: "audit",
  description: "Who did what, and when, to all routes or to one; the newest first",
  args: {
    key: { type: "positional", required: false, description: "One route (default: all)" },
    since: { type: "string", description: "From when on: 2d, or a time (RFC 3339); default 1d" },
    author: { type: "string", description: "Only what this caller did" },
    prefix: { type: "string", description: "Only routes whose key begins so" },
    limit: { type: "string", alias: "n", description: "How many (default 100)", valueHint: "n" },
    ...SERVER_OPTIONS,
  },
  run: async ({ args, io }) => {
    const most = wholeOf("--limit", args.limit ?? "100", 1, 10_000);
    const since = sinceOf(args.since ?? "1d", io.now());
    const key = args.key === undefined ? undefined : checkedKey(args.key);
    const client = connect(await accessFor(io, args));
    const isWanted = ({ actor }: Entry) => args.author === undefined || actor === args.author;
    let found: Entry[] = [];
    let left = 0;
    await pooled(keysOf(client, key, args.prefix), CONCURRENCY, async (route) => {
      try {
        const entries = (await entriesOf(client, route, since)).filter(isWanted);
        left += Math.max(0, found.length + entries.length - most);
        // However many routes there are, no more than asked for is held.
        found = newestFirst([...found, ...entries], most);
      } catch (error) {
        // What only KV has has no history.
        if (key !== undefined || !isNone(error)) throw error;
      }
    });
    if (args.json === true)
      return printJson(io, { since: new Date(since).toISOString(), entries: found, left });
    const rows = found.map(({ at, route, version, action, actor, note: why, detail }) => [
      at,
      route,
      String(version),
      action,
      actor,
      why === "" ? detail.slice(0, MAX_DETAIL_CHARS) : why,
    ]);
    print(io, ...table(io, ["when", "route", "version", "action", "author", "why"], rows));
    if (left > 0) note(io, `${left} earlier ones are not shown: --limit`);
  },
});
