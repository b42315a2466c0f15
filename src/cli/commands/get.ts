import { command } from "../command.ts";
import { wholeOf } from "../numbers.ts";
import { note, print, printJson } from "../io.ts";
import { KEY_ARGUMENT, SERVER_OPTIONS } from "../options.ts";
import { getRoute, readVersion } from "../../api/client/reads.ts";
import { connect } from "../server.ts";
import { accessFor } from "../access/access.ts";
import { checkedKey } from "../source/local.ts";

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
      const found = await readVersion(client, key, version);
      printJson(io, args.json === true ? found : found.policy);
      return;
    }
    const route = await getRoute(client, key);
    if (args.json === true) return printJson(io, route);
    if (route.drift !== null)
      note(io, `KV has a value that sy did not put there; take it in with: sy adopt ${key}`);
    else if (route.published !== route.version) note(io, `KV still has version ${route.published}`);
    // What only KV has is shown as it stands there.
    if (route.policy === null && route.drift?.text != null)
      print(io, ...route.drift.text.split("\n"));
    else printJson(io, route.policy);
  },
});
