import { makeSignInCode } from "../../api/client/reads.ts";
import { accessFor } from "../access/access.ts";
import { openBrowser } from "../browser.ts";
import { command } from "../command.ts";
import { note, print, printJson } from "../io.ts";
import { SERVER_OPTIONS } from "../options.ts";
import { connect } from "../server.ts";

export const consoleLink = command({
  name: "console",
  description: "Print a link that signs a browser in to the console, once",
  args: {
    open: { type: "boolean", description: "Open it in a browser too" },
    ...SERVER_OPTIONS,
  },
  run: async ({ args, io }) => {
    const made = await makeSignInCode(connect(await accessFor(io, args)));
    if (args.json === true) printJson(io, made);
    else print(io, made.url);
    if (args.open === true) await openBrowser(io, made.url);
    if (args.json !== true) note(io, `good once, until ${made.expiresAt}`);
  },
});
