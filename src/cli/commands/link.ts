import { command } from "../command.ts";
import { note, print, printJson } from "../io.ts";
import { secondsOf } from "../numbers.ts";
import { KEY_ARGUMENT, SERVER_OPTIONS } from "../options.ts";
import { makeLink } from "../../api/client/reads.ts";
import { connect } from "../server.ts";
import { accessFor } from "../access/access.ts";
import { frontPage } from "../access/front-page.ts";
import { checkedKey } from "../source/key.ts";

export const link = command({
  name: "link",
  description: "Make a QA link that brings whoever opens it to a variant",
  args: {
    ...KEY_ARGUMENT,
    variant: { type: "positional", description: "The variant" },
    to: {
      type: "string",
      description: "The page it opens (default: the route's front page, where its key tells it)",
    },
    for: { type: "string", description: "How long it is good for: 2h, 7d (default 1d)" },
    note: { type: "string", alias: "m", description: "Why; kept in the audit log" },
    ...SERVER_OPTIONS,
  },
  run: async ({ args, io }) => {
    const access = await accessFor(io, args);
    const key = checkedKey(args.key);
    const url = args.to ?? frontPage(key, access.url);
    const body = {
      variant: args.variant,
      ...(url === undefined ? {} : { url }),
      ...(args.for === undefined ? {} : { ttlSeconds: secondsOf("--for", args.for) }),
      ...(args.note === undefined ? {} : { note: args.note }),
    };
    const made = await makeLink(connect(access), key, body);
    if (args.json === true) return printJson(io, made);
    print(io, made.url ?? made.token);
    note(
      io,
      made.url === null
        ? `good until ${made.expiresAt}; add it to any URL of the route as ?sy=…`
        : `good until ${made.expiresAt}`,
    );
  },
});
