import { getRoute, readVersion } from "../../api/client/reads.ts";
import { accessFor } from "../access/access.ts";
import { command } from "../command.ts";
import { note, print, printJson } from "../io.ts";
import { wholeOf } from "../numbers.ts";
import { KEY_ARGUMENT, SERVER_OPTIONS } from "../options.ts";
import { connect } from "../server.ts";
import { checkedKey } from "../source/key.ts";
import { renderDrift } from "../text/drift.ts";

export const get = command({
  name: "get",
  description: "Print a route's policy, ready for a file",
  args: {
    ...KEY_ARGUMENT,
    version: { type: "string", description: "An earlier version (default: the newest)" },
    ...SERVER_OPTIONS,
  },
  run: async ({ args, io }) => {
    const client = connect(await accessFor(io, args));
    const key = checkedKey(args.key);
    if (args.version !== undefined) {
      const version = wholeOf("--version", args.version, 1, Number.MAX_SAFE_INTEGER);
      const answer = await readVersion(client, key, version);
      return printJson(io, args.json === true ? answer : answer.policy);
    }
    const route = await getRoute(client, key);
    if (args.json === true) return printJson(io, route);
    note(io, ...renderDrift(io, route));
    // What only KV has is shown as it stands there.
    if (route.policy === null && route.drift?.text != null)
      print(io, ...route.drift.text.split("\n"));
    else printJson(io, route.policy);
  },
});
