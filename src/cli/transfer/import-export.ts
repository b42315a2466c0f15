import { accessFor, type AccessOptions } from "../access/access.ts";
import { EXIT, usage } from "../failure.ts";
import { note, printJson, type Io } from "../io.ts";
import { wholeOf } from "../numbers.ts";
import { connect } from "../server.ts";
import { importRoute, isOfThisLine } from "./import-route.ts";
import { inputOf, sourceOf } from "./import-source.ts";
import type { Line } from "./lines.ts";
import { Mark } from "./mark.ts";
import { pooled } from "./pool.ts";
import { Progress } from "./progress.ts";

/** Requests under way at once, where the command line says nothing. */
export const IMPORT_CONCURRENCY = 16;

/** Between two checkpoints (ms): so much is done twice after a kill, and changes nothing. */
const CHECKPOINT_MS = 1000;

/** Refusals listed one by one; past this only their number. */
const MAX_LISTED = 20;

/** What the command line says of it. */
interface ImportArgs extends AccessOptions {
  readonly replace?: boolean | undefined;
  readonly concurrency?: string | undefined;
  readonly note?: string | undefined;
  readonly json?: boolean | undefined;
}

/** Brings routes in from a file that `sy export` wrote, `-` for stdin; goes on where a run before was cut off. Gives the exit code. */
export async function importExport(io: Io, file: string, args: ImportArgs): Promise<number> {
  const concurrency = wholeOf(
    "--concurrency",
    args.concurrency ?? String(IMPORT_CONCURRENCY),
    1,
    256,
  );
  if (file === "-" && args["token-stdin"] === true)
    throw usage("stdin cannot be both the routes and the token", "use sy login, or name a file");
  const access = await accessFor(io, args);
  const client = connect(access);
  const source = await sourceOf(io, file, access.url);
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
      if (counts.refused <= MAX_LISTED)
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
}
