import { createReadStream } from "node:fs";
import { resolve } from "node:path";

import { Failure } from "../failure.ts";
import { statIfThere } from "../files/read.ts";
import type { Io } from "../io.ts";
import { checkpointOf, readCheckpoint, removeCheckpoint, writeCheckpoint } from "./checkpoint.ts";
import { linesOf, type Line } from "./lines.ts";
import type { Mark } from "./mark.ts";

/** What distinguishes a file from another of its name. */
async function identityOf(path: string): Promise<string> {
  const about = await statIfThere(path);
  if (about?.isDirectory() === true) throw new Failure(`"${path}" is a folder`, "name a file");
  if (about?.isFile() !== true) throw new Failure(`there is no file "${path}"`, "check the path");
  return `${about.size} ${about.mtimeMs}`;
}

/** The lines of a file from an offset on, or of stdin. */
export async function* inputOf(io: Io, file: string, offset: number): AsyncGenerator<Line> {
  yield* linesOf(file === "-" ? io.stdin : createReadStream(file, { start: offset }), offset);
}

/** An import's source: a file, and how far an earlier run of it came, or stdin, of which nothing is kept. */
export interface Source {
  readonly path: string;
  readonly start: number;
  /** What stands before `start`. */
  readonly earlier: { readonly routes: number; readonly lines: number; readonly refused: number };
  readonly save: (mark: Mark) => Promise<void>;
  readonly end: () => Promise<void>;
}

const NOTHING = { routes: 0, lines: 0, refused: 0 } as const;

/** Opens the file that a command line names, `-` for stdin. Throws a failure where it has changed since an import of it was cut off. */
export async function sourceOf(io: Io, name: string, url: string): Promise<Source> {
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
