import { status as pagesOfStatus, type StatusPage } from "../../api/client/reads.ts";
import { accessFor } from "../access/access.ts";
import { command } from "../command.ts";
import { note, print, printJson } from "../io.ts";
import { readRouteFigures, statusOf } from "../measure/read.ts";
import { renderOverview } from "../measure/overview.ts";
import { renderRoute } from "../measure/route.ts";
import { SERVER_OPTIONS } from "../options.ts";
import { connect } from "../server.ts";
import { checkedKey } from "../source/key.ts";

/** Pages as one. */
function joined(pages: readonly StatusPage[]): StatusPage | undefined {
  const [first] = pages;
  if (first === undefined) return undefined;
  return {
    ...first,
    routes: pages.flatMap(({ routes }) => routes),
    next: null,
    unreachable: [...new Set(pages.flatMap(({ unreachable }) => unreachable))],
  };
}

export const status = command({
  name: "status",
  description: "How all routes are at a glance, or one of them in detail",
  args: {
    key: { type: "positional", required: false, description: "One route (default: all)" },
    prefix: { type: "string", description: "Only keys that begin so" },
    ...SERVER_OPTIONS,
  },
  run: async ({ args, io }) => {
    const client = connect(await accessFor(io, args));
    if (args.key !== undefined) {
      const key = checkedKey(args.key);
      if (args.json === true) return printJson(io, await statusOf(client, key));
      return print(io, ...renderRoute(io, await readRouteFigures(client, key)));
    }
    const pages: StatusPage[] = [];
    for await (const page of pagesOfStatus(client, { prefix: args.prefix })) pages.push(page);
    const all = joined(pages);
    if (all === undefined) return;
    if (args.json === true) return printJson(io, all);
    print(io, ...renderOverview(io, all));
    const away = all.unreachable.length;
    if (away > 0)
      note(io, `${away} of the hub's shards do not answer: their routes are missing here`);
  },
});
