import { routeResults } from "../../api/client/reads.ts";
import { accessFor } from "../access/access.ts";
import { command } from "../command.ts";
import { print, printJson } from "../io.ts";
import { renderResults } from "../measure/results.ts";
import { KEY_ARGUMENT, SERVER_OPTIONS } from "../options.ts";
import { connect } from "../server.ts";
import { checkedKey } from "../source/key.ts";

export const results = command({
  name: "results",
  description: "What a route's experiments have shown: the verdict first, then why",
  args: { ...KEY_ARGUMENT, ...SERVER_OPTIONS },
  run: async ({ args, io }) => {
    const client = connect(await accessFor(io, args));
    const answer = await routeResults(client, checkedKey(args.key));
    if (args.json === true) return printJson(io, answer);
    print(io, ...renderResults(io, answer, io.now()));
  },
});
