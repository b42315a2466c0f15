import { createReadStream } from "node:fs";
import { resolve } from "node:path";

import { postGoals } from "../../api/client/edits.ts";
import type { GoalsRequest } from "../../api/goals.ts";
import { MAX_POSTED_GOALS } from "../../api/limits.ts";
import { accessFor } from "../access/access.ts";
import { command } from "../command.ts";
import { Failure, reasonOf } from "../failure.ts";
import { print, printJson, type Io } from "../io.ts";
import { KEY_ARGUMENT, SERVER_OPTIONS } from "../options.ts";
import { connect } from "../server.ts";
import { checkedKey } from "../source/key.ts";
import { grouped } from "../text/bars.ts";
import { linesOf, type Line } from "../transfer/lines.ts";

type Goal = GoalsRequest["goals"][number];

function goalOf({ text, number }: Line): Goal {
  try {
    // The server judges what it is, and says what is wrong with it.
    return JSON.parse(text) as Goal;
  } catch (error) {
    throw new Failure(
      `line ${number} is not JSON: ${reasonOf(error)}`,
      "mend it, and run this again",
    );
  }
}

/** Lists of goals as large as the API takes them. */
async function* batches(io: Io, file: string): AsyncGenerator<{ goals: Goal[]; from: number }> {
  const chunks = file === "-" ? io.stdin : createReadStream(resolve(io.cwd, file));
  let [goals, from]: [Goal[], number] = [[], 1];
  for await (const line of linesOf(chunks, 0)) {
    if (goals.length === 0) from = line.number;
    goals.push(goalOf(line));
    if (goals.length < MAX_POSTED_GOALS) continue;
    yield { goals, from };
    goals = [];
  }
  if (goals.length > 0) yield { goals, from };
}

export const goals = command({
  name: "goals",
  description: "Tell conversions that are known elsewhere, one JSON line each",
  args: {
    ...KEY_ARGUMENT,
    file: {
      type: "positional",
      description: 'The file, or - for stdin: {"digest", "name", "value"?, "id"?, "at"?}',
    },
    ...SERVER_OPTIONS,
  },
  run: async ({ args, io }) => {
    const client = connect(await accessFor(io, args));
    const key = checkedKey(args.key);
    const total = { taken: 0, known: 0, unknown: 0 };
    for await (const { goals: batch, from } of batches(io, args.file)) {
      try {
        const { taken, known, unknown } = await postGoals(client, key, batch);
        total.taken += taken;
        total.known += known;
        total.unknown += unknown;
      } catch (error) {
        if (!(error instanceof Failure)) throw error;
        const where = `lines from ${from} on were not taken`;
        throw new Failure(`${where}: ${error.message}`, error.fix, { code: error.code });
      }
    }
    if (args.json === true) return printJson(io, total);
    const told = [
      `${grouped(total.taken)} taken`,
      `${grouped(total.known)} known already`,
      `${grouped(total.unknown)} of visitors in no experiment`,
    ];
    print(io, told.join(", "));
  },
});
