import { parseArgs } from "node:util";

/** The port the demo's gateway listens on when none is asked for; the one `wrangler dev` uses too. */
const DEFAULT_PORT = 8787;

/** The highest port there is. The gateway's is below it: the control plane's comes after. */
export const MAX_PORT = 65_535;

export const HELP = `Starts Switchyard on this machine: demo origins, demo policies, and both Workers.

Usage: npm start [-- --port <number>]

  --port <number>   port of the gateway (default ${DEFAULT_PORT}), the one after it is the control plane's;
                    0 is any two in a row that are free, and the start says which
  --help            show this text

From the environment both Workers get VISITOR_KEY, the gateway REPORT_INTERVAL_SECONDS and control WEBHOOKS. Without a
VISITOR_KEY there is one that is public: good for looking at figures on this machine, and for nothing else.

Ctrl-C stops everything.`;

export type Options =
  | { readonly kind: "run"; readonly port: number }
  | { readonly kind: "help" }
  | { readonly kind: "wrong"; readonly message: string };

/** What the command line asks for. Never throws: a wrong option comes back as one line that names it. */
export function readOptions(args: readonly string[]): Options {
  try {
    const { values } = parseArgs({
      args: withValues(args),
      options: { port: { type: "string" }, help: { type: "boolean", short: "h" } },
    });
    if (values.help === true) return { kind: "help" };
    return values.port === undefined ? { kind: "run", port: DEFAULT_PORT } : readPort(values.port);
  } catch (error) {
    // Node adds advice about positional arguments after the first sentence; nobody needs it here.
    const [reason] = (error instanceof Error ? error.message : String(error)).split(". ");
    return wrong(`${reason}.`);
  }
}

/** Joins an option with its value, so that one that begins with a dash is judged as a value, and not taken for an option. */
function withValues(args: readonly string[]): string[] {
  const at = args.indexOf("--port");
  const value = at === -1 ? undefined : args[at + 1];
  if (value === undefined) return [...args];
  return [...args.slice(0, at), `--port=${value}`, ...args.slice(at + 2)];
}

function readPort(text: string): Options {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (port < MAX_PORT) return { kind: "run", port };
  return wrong(
    `--port must be a whole number from 0 to ${MAX_PORT - 1}, not ${JSON.stringify(text)}.`,
  );
}

function wrong(reason: string): Options {
  return { kind: "wrong", message: `${reason} See: npm start -- --help` };
}
