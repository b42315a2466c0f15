import { open } from "node:fs/promises";
import { resolve } from "node:path";
import type { Readable } from "node:stream";

import { Failure } from "../failure.ts";
import { statIfThere } from "../files/read.ts";
import type { Io } from "../io.ts";

/** Bytes from which a format is told: comments at the top of a manifest fit in. */
const BEGINNING_BYTES = 65_536;

/** The first piece of a stream, which stays in it. */
async function peek(stream: Readable): Promise<string> {
  for (;;) {
    const chunk = stream.read() as Buffer | string | null;
    if (chunk !== null) {
      stream.unshift(chunk);
      return String(chunk);
    }
    if (stream.readableEnded || stream.destroyed) return "";
    const ended = await new Promise<boolean>((settle, fail) => {
      stream.once("readable", () => settle(false));
      stream.once("end", () => settle(true));
      stream.once("error", fail);
    });
    if (ended) return "";
  }
}

/** What a file begins with, `-` for stdin. */
export async function beginningOf(io: Io, file: string): Promise<string> {
  if (file === "-") return peek(io.stdin);
  const path = resolve(io.cwd, file);
  const about = await statIfThere(path);
  if (about?.isDirectory() === true) throw new Failure(`"${path}" is a folder`, "name a file");
  if (about === undefined) throw new Failure(`there is no file "${path}"`, "check the path");
  // It is read from its beginning again, which a pipe has only once.
  if (!about.isFile())
    throw new Failure(`"${path}" is not a regular file`, "pipe it in instead: … | sy import -");
  const handle = await open(path);
  try {
    const { buffer, bytesRead } = await handle.read({ buffer: Buffer.alloc(BEGINNING_BYTES) });
    return buffer.toString("utf8", 0, bytesRead);
  } finally {
    await handle.close();
  }
}
