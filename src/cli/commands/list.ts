import { command } from "../command.ts";
import { EXIT } from "../failure.ts";
import { note, print } from "../io.ts";
import { SERVER_OPTIONS } from "../options.ts";
import { pagesOfRoutes } from "../../api/client/reads.ts";
import { connect } from "../server.ts";
import { accessFor } from "../access/access.ts";
import { jsonText } from "../text/plain.ts";
import { table } from "../text/table.ts";

/** Said beside a list that the hub had no say in. */
const FROM_KV =
  "sy: this is KV's list, for the hub does not answer, or has not heard of all routes yet: what was edited a minute ago may be missing";

export const list = command({
  name: "list",
  description: "List the routes",
  args: {
    search: {
      type: "positional",
      required: false,
      description: "Only keys with this text in them",
    },
    prefix: { type: "string", description: "Only keys that begin so; quick among a million" },
    ...SERVER_OPTIONS,
  },
  run: async ({ args, io }) => {
    const client = connect(await accessFor(io, args));
    let first = true;
    if (args.json === true) io.stdout.write("[");
    let isOfHub = true;
    const narrowed = { prefix: args.prefix, q: args.search };
    for await (const { routes, source } of pagesOfRoutes(client, narrowed)) {
      isOfHub &&= source === "hub";
      if (routes.length === 0) continue;
      if (args.json === true) {
        for (const route of routes) {
          io.stdout.write(`${first ? "" : ","}\n  ${jsonText(route)}`);
          first = false;
        }
        continue;
      }
      const rows = routes.map(({ key, version }) => [
        key,
        version === null ? "by hand" : String(version),
      ]);
      const lines = table(io, ["route", "version"], rows);
      // One heading, however many pages.
      print(io, ...(first ? lines : lines.slice(1)));
      first = false;
    }
    if (args.json === true) io.stdout.write(first ? "]\n" : "\n]\n");
    else if (first) print(io, "no route");
    if (!isOfHub) note(io, FROM_KV);
    return EXIT.ok;
  },
});
