import { parseArgs } from "node:util";

import { LOCATIONS } from "../../src/config/control.ts";

export const WORKERS = ["control", "gateway"] as const;

export type WorkerName = (typeof WORKERS)[number];

/** The two Workers and their files, from the repository, in the order of a deployment forwards. */
export const FILES: Readonly<Record<WorkerName, string>> = {
  control: "src/control/wrangler.toml",
  gateway: "wrangler.toml",
};

/** How wrangler is told of a Worker, and of the environment it is in. */
export const flagsOf = (name: WorkerName, env: string | undefined): string[] => [
  "--config",
  FILES[name],
  ...(env === undefined ? [] : ["--env", env]),
];

export const HELP = `Deploys both Workers: control, then the gateway that reports to it.

Usage: npm run deploy [-- options]

  --env NAME           an environment beside production: Workers, a KV namespace and a hub of its own
  --plan free          write what the free plan has room for into the files
  --hub-location HINT  where the hub is made, at the first deployment: ${LOCATIONS.join(", ")}
  --kv ID              the KV namespace of both, 32 hexadecimal digits; written into both files
  --snapshot FILE      bundle the policies of sy export --snapshot with the gateway; .txt
  --back               the other way round, to go back to an older release
  --only WORKER        control or gateway alone
  --skip-check         do not look whether the stored policies are valid under this release
  --dry-run            build both, say what would be done, change no file and ask nobody
  --help               show this text

At the first deployment the namespace ROUTING_CONFIG is made where the account has none, and VISITOR_KEY,
which is given to both Workers and shown nowhere. Later ones look first, with SY_URL, whether this release
can read every policy that is stored.`;

/** What a deployment is asked to do. */
export interface Deployment {
  readonly order: readonly WorkerName[];
  /** Whether it goes back to an older release. */
  readonly back: boolean;
  /** The environment; production where there is none. */
  readonly env: string | undefined;
  readonly isFree: boolean;
  readonly hubLocation: string | undefined;
  readonly kv: string | undefined;
  /** A file that `sy export --snapshot` wrote, from where the command runs. */
  readonly snapshot: string | undefined;
  readonly skipsCheck: boolean;
  readonly dryRun: boolean;
}

export type Options =
  | ({ readonly kind: "deploy" } & Deployment)
  | { readonly kind: "help" }
  | { readonly kind: "wrong"; readonly message: string };

const wrong = (reason: string): Options => ({
  kind: "wrong",
  message: `${reason} See: npm run deploy -- --help`,
});

function isWorker(name: string): name is WorkerName {
  return Object.hasOwn(FILES, name);
}

/** What the vars call an environment by too; the Workers' names have room for as much behind theirs. */
const ENVIRONMENT = /^[a-z](?:[a-z0-9-]{0,30}[a-z0-9])?$/;

function parsed(args: readonly string[]) {
  return parseArgs({
    args: [...args],
    options: {
      back: { type: "boolean", default: false },
      env: { type: "string" },
      "hub-location": { type: "string" },
      only: { type: "string" },
      plan: { type: "string" },
      kv: { type: "string" },
      snapshot: { type: "string" },
      "skip-check": { type: "boolean", default: false },
      "dry-run": { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  }).values;
}

/** What is wrong with the options, each for itself. */
function faultOf(values: ReturnType<typeof parsed>): string | undefined {
  const { only, snapshot, env, plan, "hub-location": location } = values;
  const got = (value: string) => `not ${JSON.stringify(value)}.`;
  if (only !== undefined && !isWorker(only))
    return `--only must be control or gateway, ${got(only)}`;
  // By this ending wrangler knows that the file is a text, and no module.
  if (snapshot?.endsWith(".txt") === false) return `--snapshot must end in .txt, ${got(snapshot)}`;
  if (env !== undefined && (!ENVIRONMENT.test(env) || env === "production"))
    return `--env must be a name of lower-case letters, digits and hyphens, 32 at most, and production is what has none; ${got(env)}`;
  if (plan !== undefined && plan !== "free") return `--plan must be free, ${got(plan)}`;
  if (location !== undefined && !LOCATIONS.some((one) => one === location))
    return `--hub-location must be one of ${LOCATIONS.join(", ")}, ${got(location)}`;
  return undefined;
}

/** What the command line asks for. Never throws: a wrong option comes back as one line that names it. */
export function readOptions(args: readonly string[]): Options {
  try {
    const values = parsed(args);
    if (values.help) return { kind: "help" };
    const fault = faultOf(values);
    if (fault !== undefined) return wrong(fault);
    const { only, back, env, kv, snapshot } = values;
    const both = back ? WORKERS.toReversed() : WORKERS;
    return {
      kind: "deploy",
      order: only !== undefined && isWorker(only) ? [only] : both,
      back,
      env,
      isFree: values.plan === "free",
      hubLocation: values["hub-location"],
      kv,
      snapshot,
      skipsCheck: values["skip-check"],
      dryRun: values["dry-run"],
    };
  } catch (error) {
    const [reason] = (error instanceof Error ? error.message : String(error)).split(". ");
    return wrong(`${reason}.`);
  }
}
