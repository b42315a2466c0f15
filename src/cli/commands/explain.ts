import { command } from "../command.ts";
import { usage } from "../failure.ts";
import { explainLocally, render } from "../local-explanation.ts";
import { print, printJson } from "../io.ts";
import { wholeOf } from "../numbers.ts";
import type { Client } from "../../api/client/ask.ts";
import { explainRequest } from "../../api/client/reads.ts";
import { connect } from "../server.ts";
import { REQUEST_OPTIONS, SERVER_OPTIONS, VISITOR_OPTIONS } from "../options.ts";
import { describeRequest } from "../request.ts";
import { accessFor } from "../access/access.ts";
import { checkedKey, localPolicy } from "../source/local.ts";
import type { RequestDescription } from "../../decide/request-description.ts";

/** What the server would do with a request: now, or by a route's earlier version. */
async function explainOnServer(
  client: Client,
  request: RequestDescription,
  key: string | undefined,
  version: string | undefined,
): ReturnType<typeof explainRequest> {
  if (key === undefined && version !== undefined)
    throw usage("--version needs the route", "name it with --key");
  const number =
    version === undefined
      ? {}
      : { version: wholeOf("--version", version, 1, Number.MAX_SAFE_INTEGER) };
  const route = key === undefined ? undefined : { key: checkedKey(key), ...number };
  return explainRequest(client, request, route);
}

export const explain = command({
  name: "explain",
  description: "Say which variant a request gets, and every step to it",
  args: {
    request: { type: "positional", description: "The whole URL, as a visitor asks for it" },
    ...REQUEST_OPTIONS,
    ...VISITOR_OPTIONS,
    policy: { type: "string", description: "Decide by this file, without a server" },
    key: {
      type: "string",
      description: "The route (default: the file's name, or what the server finds)",
    },
    version: { type: "string", description: "By this version of the route" },
    ...SERVER_OPTIONS,
  },
  repeatable: ["header"],
  run: async ({ args, all, io }) => {
    const described = describeRequest(args.request, all("header"), args, io.now());
    const explained =
      args.policy === undefined
        ? await explainOnServer(
            connect(await accessFor(io, args)),
            described,
            args.key,
            args.version,
          )
        : explainLocally(
            await localPolicy(io, args.policy, args.key, new URL(described.url).hostname),
            described,
            io.now(),
          );
    if (args.json === true) printJson(io, explained);
    else print(io, ...render(io, explained));
  },
});
