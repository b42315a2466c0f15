import { rm } from "node:fs/promises";

import * as v from "valibot";

import { Failure } from "../failure.ts";
import { readIfThere } from "../files/read.ts";
import { replacePrivate } from "../files/write.ts";

const CheckpointSchema = v.object({
  url: v.string(),
  /** Bytes of the file that are done. */
  offset: v.pipe(v.number(), v.integer(), v.minValue(0)),
  /** Routes that are done. */
  routes: v.pipe(v.number(), v.integer(), v.minValue(0)),
  /** Of an import: lines before the offset, empty ones included, and how many of them were refused. */
  lines: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0))),
  refused: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0))),
  /** Of an export: where the API's list goes on. */
  cursor: v.optional(v.string()),
  /** Of an import: what distinguishes the file from another of its name. */
  file: v.optional(v.string()),
});

/** How far an export or import has come. */
export type Checkpoint = v.InferOutput<typeof CheckpointSchema>;

/** Where a file's checkpoint stands. */
export const checkpointOf = (file: string, kind: "export" | "import"): string =>
  `${file}.${kind}-checkpoint`;

/** The checkpoint of an unfinished run against this gateway, or `undefined`. Throws a failure where it is another gateway's. */
export async function readCheckpoint(path: string, url: string): Promise<Checkpoint | undefined> {
  const text = await readIfThere(path);
  if (text === undefined) return undefined;
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), CheckpointSchema), text);
  if (!parsed.success) throw new Failure(`${path} cannot be read`, "remove it to begin anew");
  if (parsed.output.url !== url)
    throw new Failure(
      `${path} is of a run against ${parsed.output.url}`,
      "finish that one, or remove the file to begin anew",
    );
  return parsed.output;
}

/** Replaces a checkpoint whole: a kill in between leaves the old one. */
export async function writeCheckpoint(path: string, checkpoint: Checkpoint): Promise<void> {
  await replacePrivate(path, JSON.stringify(checkpoint));
}

/** Forgets a finished run. */
export async function removeCheckpoint(path: string): Promise<void> {
  await rm(path, { force: true });
}
