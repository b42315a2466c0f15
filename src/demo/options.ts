import { parseArgs } from "node:util";

/** The port the demo's gateway listens on when none is asked for; the one `wrangler dev` uses too. */
const DEFAULT_PORT = 8787;

/** The highest port there is. The gateway's is below it: the control plane's comes after. */
export const MAX_PORT = 65_535;

/** What the made-up visitors do is drawn from this when no other seed is asked for. */
const DEFAULT_SEED = 1;

/** Seeds are unsigned numbers of 32 bits, as the hash takes them. */
const MAX_SEED = 4_294_967_295;

export const HELP = `Starts Switchyard on this machine: demo origins, demo policies, and both Workers.

Usage: npm start [-- --port <number>] [--no-traffic] [--seed <number>]

  --port <number>   port of the gateway (default ${DEFAULT_PORT}), the one after it is the control plane's;
                    0 is any two in a row that are free, and the start says which
  --no-traffic      no visitors but you: the demo makes some up else
  --seed <number>   what the made-up visitors do is drawn from this (default ${DEFAULT_SEED})
  --help            show this text

From the environment both Workers get VISITOR_KEY, the gateway REPORT_INTERVAL_SECONDS and control WEBHOOKS. Without a
VISITOR_KEY there is one that is public: good for looking at figures on this machine, and for nothing else.

Ctrl-C stops everything.`;

export type Options =
  | {
      readonly kind: "run";
      readonly port: number;
      /** What the made-up visitors do is drawn from this; undefined for none of them. */
      readonly seed: number | undefined;
    }
  | { readonly kind: "help" }
  | { readonly kind: "wrong"; readonly message: string };

/** What the command line asks for. Never throws: a wrong option comes back as one line that names it. */
export function readOptions(args: readonly string[]): Options {
  try {
    const { values } = parseArgs({
      args: withValues(args),
      options: {
        port: { type: "string" },
        seed: { type: "string" },
        "no-traffic": { type: "boolean" },
        help: { type: "boolean", short: "h" },
      },
    });
    if (values.help === true) return { kind: "help" };
    const port = wholeOf("port", values.port, DEFAULT_PORT, MAX_PORT - 1);
    const seed = wholeOf("seed", values.seed, DEFAULT_SEED, MAX_SEED);
    if (typeof port === "string") return wrong(port);
    if (typeof seed === "string") return wrong(seed);
    return { kind: "run", port, seed: values["no-traffic"] === true ? undefined : seed };
  } catch (error) {
    // Node adds advice about positional arguments after the first sentence; nobody needs it here.
    const [reason] = (error instanceof Error ? error.message : String(error)).split(". ");
    return wrong(`${reason}.`);
  }
}

/** Joins an option with its value, so that one that begins with a dash is judged as a value, and not taken for an option. */
function withValues(args: readonly string[]): string[] {
  return args.reduce<string[]>((joined, arg) => {
    const last = joined.at(-1);
    if (last === "--port" || last === "--seed") joined[joined.length - 1] = `${last}=${arg}`;
    else joined.push(arg);
    return joined;
  }, []);
}

/** A whole number from 0 to `most`, or what is wrong with it. */
function wholeOf(
  option: string,
  text: string | undefined,
  byDefault: number,
  most: number,
): number | string {
  if (text === undefined) return byDefault;
  const value = /^\d{1,10}$/.test(text) ? Number(text) : Number.NaN;
  if (value <= most) return value;
  return `--${option} must be a whole number from 0 to ${most}, not ${JSON.stringify(text)}.`;
}

function wrong(reason: string): Options {
  return { kind: "wrong", message: `${reason} See: npm start -- --help` };
}
