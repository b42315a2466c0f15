import { command } from "../command.ts";
import { usage } from "../failure.ts";
import { print, printJson, type Io } from "../io.ts";
import { wholeOf } from "../numbers.ts";
import type { Client } from "../../api/client/ask.ts";
import { explainRequest } from "../../api/client/reads.ts";
import { connect } from "../server.ts";
import { REQUEST_OPTIONS, SERVER_OPTIONS, VISITOR_OPTIONS } from "../options.ts";
import { describeRequest } from "../request.ts";
import { accessFor } from "../access/access.ts";
import { checkedKey } from "../source/key.ts";
import { renderExplanation } from "../text/explanation.ts";
import type { Explained } from "../../decide/explain-request.ts";
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

/** What the engine of the gateway would do by a file. The policy language is loaded for it, and not where the server is asked. */
async function explainByFile(
  io: Io,
  file: string,
  key: string | undefined,
  described: RequestDescription,
): Promise<Explained> {
  const { explainLocally } = await import("../local-explanation.ts");
  const { localPolicy } = await import("../source/local.ts");
  const route = await localPolicy(io, file, key, new URL(described.url).hostname);
  return explainLocally(route, described, io.now());
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
        : await explainByFile(io, args.policy, args.key, described);
    if (args.json === true) printJson(io, explained);
    else print(io, ...renderExplanation(io, explained));
  },
});
