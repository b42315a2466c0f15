import { command } from "../command.ts";
import { explainLocally, render } from "../explained.ts";
import { print, printJson } from "../io.ts";
import { JSON_OPTION, REQUEST_OPTIONS } from "../options.ts";
import { describe } from "../request.ts";
import { localPolicy } from "../source/local.ts";

export const explain = command({
  name: "explain",
  description: "Say which variant a request gets, and every step to it",
  args: {
    request: { type: "positional", description: "The whole URL, as a visitor asks for it" },
    ...REQUEST_OPTIONS,
    policy: { type: "string", description: "Decide by this file instead of asking the server" },
    key: {
      type: "string",
      description: "The route's key (default: the file's name, then the host)",
    },
    ...JSON_OPTION,
  },
  repeatable: ["header"],
  run: async ({ args, all, io }) => {
    const described = describe({
      url: args.request,
      headers: all("header"),
      method: args.method,
      country: args.country,
      ip: args.ip,
      bot: args.bot,
      visitor: args.visitor,
      seenAt: args["seen-at"],
      at: args.at,
    });
    const keyed = await localPolicy(
      io,
      args.policy ?? "",
      args.key,
      new URL(described.url).hostname,
    );
    const explained = explainLocally(keyed, described, io.now());
    if (args.json === true) printJson(io, explained);
    else print(io, render(io, explained));
  },
});
