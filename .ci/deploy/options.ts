import { parseArgs } from "node:util";

export type WorkerName = "control" | "gateway";

/** The two Workers and their files, from the repository, in the order of a deployment forwards. */
export const FILES: Readonly<Record<WorkerName, string>> = {
  control: "src/control/wrangler.toml",
  gateway: "wrangler.toml",
};

export const HELP = `Deploys both Workers: control, then the gateway that reports to it.

Usage: npm run deploy [-- options]

  --back           the other way round, to go back to an older release
  --only WORKER    control or gateway alone
  --snapshot FILE  bundle the policies of sy export --snapshot with the gateway; .txt
  --kv ID          the KV namespace of both, 32 hexadecimal digits; written into both files
  --dry-run        build both, change no file and upload nothing
  --help           show this text

Where neither Worker has the secret VISITOR_KEY, one is made and given to both; it is shown nowhere.`;

/** What a deployment is asked to do. */
export interface Deployment {
  readonly order: readonly WorkerName[];
  readonly kv: string | undefined;
  /** A file that `sy export --snapshot` wrote, from where the command runs. */
  readonly snapshot: string | undefined;
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

/** What the command line asks for. Never throws: a wrong option comes back as one line that names it. */
export function readOptions(args: readonly string[]): Options {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        back: { type: "boolean", default: false },
        only: { type: "string" },
        kv: { type: "string" },
        snapshot: { type: "string" },
        "dry-run": { type: "boolean", default: false },
        help: { type: "boolean", short: "h", default: false },
      },
    });
    if (values.help) return { kind: "help" };
    const { only } = values;
    if (only !== undefined && !isWorker(only))
      return wrong(`--only must be control or gateway, not ${JSON.stringify(only)}.`);
    const { snapshot } = values;
    // By this ending wrangler knows that the file is a text, and no module.
    if (snapshot?.endsWith(".txt") === false)
      return wrong(`--snapshot must end in .txt, not ${JSON.stringify(snapshot)}.`);
    const both: readonly WorkerName[] = values.back
      ? ["gateway", "control"]
      : ["control", "gateway"];
    const order = only === undefined ? both : [only];
    return { kind: "deploy", order, kv: values.kv, snapshot, dryRun: values["dry-run"] };
  } catch (error) {
    const [reason] = (error instanceof Error ? error.message : String(error)).split(". ");
    return wrong(`${reason}.`);
  }
}
