import { createReadStream } from "node:fs";
import { resolve } from "node:path";

import * as v from "valibot";

import { diff } from "../../policy/diff.ts";
import { command } from "../command.ts";
import { EXIT, Failure, usage } from "../failure.ts";
import { statIfThere } from "../files/read.ts";
import { note, printJson, type Io } from "../io.ts";
import { wholeOf } from "../numbers.ts";
import { EDIT_OPTIONS, SERVER_OPTIONS } from "../options.ts";
import type { Client } from "../../api/client/connect.ts";
import { putRoute } from "../../api/client/edits.ts";
import { getRoute } from "../../api/client/reads.ts";
import { Refused } from "../../api/client/refused.ts";
import { connect } from "../server.ts";
import { accessFor } from "../access/access.ts";
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

type ImportOutcome = "created" | "replaced" | "same";

interface Options {
  readonly replace: boolean;
  readonly note: string | undefined;
}

/** Brings one route in. One that is there already and says something else is left alone unless it may be replaced. */
async function importRoute(
  client: Client,
  { text }: Line,
  { replace, note: why }: Options,
): Promise<ImportOutcome> {
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
  const about = await statIfThere(path);
  if (about?.isDirectory() === true) throw new Failure(`"${path}" is a folder`, "name a file");
  if (about?.isFile() !== true) throw new Failure(`there is no file "${path}"`, "check the path");
  return `${about.size} ${about.mtimeMs}`;
}

async function* inputOf(io: Io, file: string, offset: number): AsyncGenerator<Line> {
  yield* linesOf(file === "-" ? io.stdin : createReadStream(file, { start: offset }), offset);
}

/** An import's source: a file, and how far an earlier run of it came, or stdin, of which nothing is kept. */
interface Source {
  readonly path: string;
  readonly start: number;
  /** What stands before `start`. */
  readonly earlier: { readonly routes: number; readonly lines: number; readonly refused: number };
  readonly save: (mark: Mark) => Promise<void>;
  readonly end: () => Promise<void>;
}

const NOTHING = { routes: 0, lines: 0, refused: 0 } as const;

async function sourceOf(io: Io, name: string, url: string): Promise<Source> {
  const nothing = async (): Promise<void> => undefined;
  if (name === "-") return { path: "-", start: 0, earlier: NOTHING, save: nothing, end: nothing };
  const path = resolve(io.cwd, name);
  const file = await identityOf(path);
  const checkpoint = checkpointOf(path, "import");
  const before = await readCheckpoint(checkpoint, url);
  if (before !== undefined && before.file !== file)
    throw new Failure(
      `"${name}" has changed since an import of it was cut off`,
      `remove ${checkpoint} to begin anew`,
    );
  const { routes = 0, lines = 0, refused = 0, offset: start = 0 } = before ?? {};
  return {
    path,
    start,
    earlier: { routes, lines, refused },
    save: async (mark) =>
      writeCheckpoint(checkpoint, {
        url,
        offset: mark.offset,
        routes: routes + mark.count - mark.refused,
        lines: lines + mark.lines,
        refused: refused + mark.refused,
        file,
      }),
    end: async () => removeCheckpoint(checkpoint),
  };
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
    if (args.file === "-" && args["token-stdin"] === true)
      throw usage("stdin cannot be both the routes and the token", "use sy login, or name a file");
    const access = await accessFor(io, args);
    const client = connect(access);
    const source = await sourceOf(io, args.file, access.url);
    const { earlier } = source;
    const counts = { created: 0, replaced: 0, same: 0, refused: 0 };
    const mark = new Mark(source.start);
    const progress = new Progress(io, "imported", earlier.routes);
    const options = { replace: args.replace ?? false, note: args.note };
    const imported = () => earlier.routes + counts.created + counts.replaced + counts.same;
    let savedAt = io.now();
    let isSaving = false;
    const one = async (line: Line): Promise<void> => {
      mark.begin(line.from, line.to, line.number);
      try {
        counts[await importRoute(client, line, options)] += 1;
        mark.finish(line.from);
      } catch (error) {
        if (!isOfThisLine(error)) throw error;
        counts.refused += 1;
        if (counts.refused <= MAX_TOLD)
          note(io, `line ${earlier.lines + line.number}: ${error.message}; ${error.fix}`);
        mark.finish(line.from, "refused");
      }
      progress.update(imported());
      if (isSaving || io.now() - savedAt < CHECKPOINT_MS) return;
      isSaving = true;
      await source.save(mark);
      isSaving = false;
      savedAt = io.now();
    };
    try {
      await pooled(inputOf(io, source.path, source.start), concurrency, one);
    } catch (error) {
      await source.save(mark);
      throw error;
    }
    await source.end();
    progress.end(imported());
    if (args.json === true) printJson(io, counts);
    else {
      const said = Object.entries(counts).map(([what, count]) => `${count} ${what}`);
      note(io, said.join(", "));
    }
    if (earlier.refused > 0) note(io, `${earlier.refused} more were refused before it was cut off`);
    return counts.refused + earlier.refused === 0 ? EXIT.ok : EXIT.failed;
  },
});
