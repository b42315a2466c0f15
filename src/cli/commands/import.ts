import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { resolve } from "node:path";

import * as v from "valibot";

import { diff } from "../../policy/diff.ts";
import { command } from "../command.ts";
import { EXIT, Failure } from "../failure.ts";
import { note, printJson, type Io } from "../io.ts";
import { wholeOf } from "../numbers.ts";
import { EDIT_OPTIONS, SERVER_OPTIONS } from "../options.ts";
import type { Client } from "../../api/client/connect.ts";
import { putRoute } from "../../api/client/edits.ts";
import { getRoute } from "../../api/client/reads.ts";
import { Refused } from "../../api/client/refused.ts";
import { connect } from "../server.ts";
import { accessFor } from "../settings.ts";
import {
  checkpointOf,
  readCheckpoint,
  removeCheckpoint,
  writeCheckpoint,
} from "../transfer/checkpoint.ts";
import { linesOf, type Line } from "../transfer/lines.ts";
import { Mark } from "../transfer/mark.ts";
import { pooled } from "../transfer/pool.ts";
import { Progress } from "../transfer/progress.ts";

/** Requests under way at once, where the command line says nothing. */
const CONCURRENCY = 16;

/** Between two checkpoints (ms): so much is done twice after a kill, and changes nothing. */
const CHECKPOINT_MS = 1000;

/** Refusals told one by one; past this only their number. */
const MAX_TOLD = 20;

const LineSchema = v.pipe(
  v.string(),
  v.parseJson(),
  v.looseObject({ key: v.string(), policy: v.unknown() }),
);

type Came = "created" | "replaced" | "same";

interface Options {
  readonly replace: boolean;
  readonly note: string | undefined;
}

/** Brings one route in. One that is there already and says something else is left alone unless it may be replaced. */
async function bringIn(
  client: Client,
  { text }: Line,
  { replace, note: why }: Options,
): Promise<Came> {
  const parsed = v.safeParse(LineSchema, text);
  if (!parsed.success) throw new Failure("is not a route", 'write {"key": …, "policy": …}');
  const { key, policy } = parsed.output;
  try {
    // Made twice it is refused the second time, and found to be the same below.
    await putRoute(client, key, policy, { from: undefined, note: why, harmlessTwice: true });
    return "created";
  } catch (error) {
    if (!(error instanceof Refused) || error.code !== "precondition-failed") throw error;
  }
  const route = await getRoute(client, key);
  if (diff(route.policy, policy).length === 0) return "same";
  if (!replace)
    throw new Failure(`"${key}" is there already, with another policy`, "add --replace");
  await putRoute(client, key, policy, { from: route.version, note: why, allowReshuffle: true });
  return "replaced";
}

/** Whether a refusal is about this line alone: all others would meet every line, and end the run. */
function isOfThisLine(error: unknown): error is Failure {
  if (!(error instanceof Failure) || error.code === "unreachable" || error.code === "no-api")
    return false;
  return !(error instanceof Refused) || ![401, 403, 429, 500, 503].includes(error.status);
}

/** What tells a file from another one of its name. */
async function identityOf(path: string): Promise<string> {
  const about = await stat(path).catch(() => undefined);
  if (about?.isFile() !== true) throw new Failure(`there is no file "${path}"`, "check the path");
  return `${about.size} ${about.mtimeMs}`;
}

async function* inputOf(io: Io, file: string, offset: number): AsyncGenerator<Line> {
  yield* linesOf(file === "-" ? io.stdin : createReadStream(file, { start: offset }), offset);
}

export const importRoutes = command({
  name: "import",
  description: "Bring routes in from a file that export wrote; goes on after a kill",
  args: {
    file: { type: "positional", description: "The file, - for stdin" },
    replace: { type: "boolean", description: "Replace routes that say something else" },
    concurrency: { type: "string", description: `Requests at once (default ${CONCURRENCY})` },
    note: EDIT_OPTIONS.note,
    ...SERVER_OPTIONS,
  },
  run: async ({ args, io }) => {
    const concurrency = wholeOf("--concurrency", args.concurrency ?? String(CONCURRENCY), 1, 256);
    const access = await accessFor(io, args);
    const client = connect(access);
    const path = args.file === "-" ? "-" : resolve(io.cwd, args.file);
    const file = path === "-" ? "" : await identityOf(path);
    const checkpoint = checkpointOf(path, "import");
    const before = path === "-" ? undefined : await readCheckpoint(checkpoint, access.url);
    if (before !== undefined && before.file !== file)
      throw new Failure(
        `"${args.file}" has changed since an import of it was cut off`,
        `remove ${checkpoint} to begin anew`,
      );
    const start = before?.offset ?? 0;
    const counts = { created: 0, replaced: 0, same: 0, refused: 0 };
    const mark = new Mark(start);
    const earlier = before?.routes ?? 0;
    const progress = new Progress(io, "imported", earlier);
    const options = { replace: args.replace ?? false, note: args.note };
    const save = async (): Promise<void> => {
      if (path === "-") return;
      const routes = earlier + mark.count;
      const { offset } = mark;
      await writeCheckpoint(checkpoint, { url: access.url, offset, routes, file });
    };
    let savedAt = io.now();
    const one = async (line: Line): Promise<void> => {
      mark.begin(line.from, line.to);
      try {
        counts[await bringIn(client, line, options)] += 1;
      } catch (error) {
        if (!isOfThisLine(error)) throw error;
        counts.refused += 1;
        if (counts.refused <= MAX_TOLD)
          note(io, `line ${earlier + line.number}: ${error.message}; ${error.fix}`);
      }
      mark.finish(line.from);
      progress.update(earlier + mark.count);
      if (io.now() - savedAt < CHECKPOINT_MS) return;
      savedAt = io.now();
      await save();
    };
    try {
      await pooled(inputOf(io, path, start), concurrency, one);
    } catch (error) {
      await save();
      throw error;
    }
    await removeCheckpoint(checkpoint);
    progress.end(earlier + mark.count);
    if (args.json === true) printJson(io, counts);
    else
      note(
        io,
        Object.entries(counts)
          .map(([what, count]) => `${count} ${what}`)
          .join(", "),
      );
    return counts.refused === 0 ? EXIT.ok : EXIT.failed;
  },
});
