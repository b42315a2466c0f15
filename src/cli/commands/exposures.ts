import type { Client } from "../../api/client/ask.ts";
import { forgetVisitor } from "../../api/client/edits.ts";
import { exposures as linesOfSample, routeResults } from "../../api/client/reads.ts";
import { accessFor } from "../access/access.ts";
import { demandYes } from "../ask.ts";
import { command } from "../command.ts";
import { usage } from "../failure.ts";
import { note, print, printJson, type Io } from "../io.ts";
import { KEY_ARGUMENT, SERVER_OPTIONS, YES_OPTION } from "../options.ts";
import { connect } from "../server.ts";
import { checkedKey } from "../source/key.ts";
import { csvLine } from "../text/csv.ts";
import { jsonText } from "../text/plain.ts";
import { written } from "../written.ts";

const COLUMNS = ["digest", "experiment", "allocation", "variant", "firstSeen", "failed"] as const;

async function printLines(io: Io, client: Client, key: string): Promise<void> {
  for await (const line of linesOfSample(client, key)) await written(io, `${jsonText(line)}\n`);
}

/** The names of all goals that visitors of a route may have reached. */
async function goalNames(client: Client, key: string): Promise<string[]> {
  const { experiments } = await routeResults(client, key);
  return [...new Set(experiments.flatMap(({ goals }) => goals.map(({ goal }) => goal)))];
}

async function printTable(io: Io, client: Client, key: string): Promise<void> {
  const names = await goalNames(client, key);
  const known = new Set(names);
  const left = new Set<string>();
  const goalColumns = names.flatMap((name) => [`${name} count`, `${name} value`]);
  await written(io, csvLine([...COLUMNS, ...goalColumns]));
  for await (const line of linesOfSample(client, key)) {
    const figures = names.flatMap((name) => {
      const { count, value } = line.goals[name] ?? { count: 0, value: 0 };
      return [count, value];
    });
    await written(io, csvLine([...COLUMNS.map((column) => line[column]), ...figures]));
    for (const name of Object.keys(line.goals)) if (!known.has(name)) left.add(name);
  }
  for (const name of left)
    note(io, `goal ${name} is not in the results any more, and left out: see it without --csv`);
}

export const exposures = command({
  name: "exposures",
  description: "Write the sample of visitors, one JSON line each, or as CSV",
  args: {
    ...KEY_ARGUMENT,
    csv: { type: "boolean", description: "CSV with a header instead" },
    forget: {
      type: "string",
      description: "Delete all that is kept of the visitor with this digest",
      valueHint: "digest",
    },
    ...YES_OPTION,
    ...SERVER_OPTIONS,
  },
  run: async ({ args, io }) => {
    if (args.forget !== undefined && args.csv === true)
      throw usage("--forget writes no sample", "leave out --csv");
    if (args.json === true && args.csv === true)
      throw usage("--csv and --json are two forms", "leave out one of them");
    const client = connect(await accessFor(io, args));
    const key = checkedKey(args.key);
    if (args.forget === undefined)
      return args.csv === true ? printTable(io, client, key) : printLines(io, client, key);
    await demandYes(io, args.yes, `Delete what is kept of ${args.forget}? Nothing brings it back.`);
    const answer = await forgetVisitor(client, key, args.forget);
    if (args.json === true) return printJson(io, answer);
    print(io, answer.forgotten ? "forgotten" : "nothing was kept of this visitor");
  },
});
