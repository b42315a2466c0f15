import { readFile } from "node:fs/promises";
import { resolve } from "node:path";

import { Failure } from "../failure.ts";
import type { Io } from "../io.ts";
import { readStream, type Position, type Source } from "../source/document.ts";

/** A larger file is not a manifest: a cluster keeps 1.5 MiB of an object (bytes). */
const MAX_BYTES = 67_108_864;

/** One document of the input, with its places. */
export interface Document {
  readonly file: string;
  readonly value: unknown;
  readonly locate: (path: string) => Position;
}

/** A document that cannot be read. */
export interface Unread extends Position {
  readonly file: string;
  readonly message: string;
}

/** The text of a file, `-` for stdin. */
export async function textOf(io: Io, file: string): Promise<string> {
  const pieces: Buffer[] = [];
  let bytes = 0;
  if (file === "-") {
    for await (const chunk of io.stdin as AsyncIterable<Buffer | string>) {
      pieces.push(Buffer.from(chunk));
      bytes += chunk.length;
      if (bytes > MAX_BYTES) break;
    }
  } else {
    const whole = await readFile(resolve(io.cwd, file));
    pieces.push(whole);
    bytes = whole.length;
  }
  if (bytes > MAX_BYTES)
    throw new Failure(`"${file}" has more than ${MAX_BYTES} bytes`, "part it into several files");
  return Buffer.concat(pieces).toString("utf8");
}

/** The documents of a file of manifests, and what keeps others from being read. */
export function documentsOf(
  file: string,
  text: string,
): { readonly documents: readonly Document[]; readonly unread: readonly Unread[] } {
  const sources = readStream(text);
  return {
    documents: sources.flatMap((one) =>
      one.ok ? [{ file, value: one.value, locate: one.locate }] : [],
    ),
    unread: sources.flatMap((one) => unreadOf(file, one)),
  };
}

function unreadOf(file: string, source: Source): Unread[] {
  if (source.ok) return [];
  return source.issues.map(({ line, column, message, fix }) => ({
    file,
    line,
    column,
    message: `${message}; ${fix}`,
  }));
}
