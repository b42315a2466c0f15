import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { PassThrough, Readable } from "node:stream";

import type { Io } from "../../../src/cli/io.ts";
import { main } from "../../../src/cli/main.ts";

/** Noon of a day in winter; any time would do. */
const NOON = Date.UTC(2026, 11, 1, 12);

export interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

interface ShellOptions {
  readonly cwd: string;
  readonly colour?: boolean;
  readonly env?: Io["env"];
  readonly stdin?: string;
  /** Whether what `stdin` holds is typed at a terminal. */
  readonly interactive?: boolean;
  /** The size of the terminal that stdout is; in a pipe where it is left out. */
  readonly terminal?: Io["terminal"];
  /** Asks the command to end. */
  readonly end?: AbortSignal;
  /** Told of all that has been written to stdout so far, each time that it is more. */
  readonly onOutput?: (soFar: string) => void;
  /** The same of stderr. */
  readonly onRemark?: (soFar: string) => void;
  /** Milliseconds since the epoch; noon of a day in winter where it is left out. */
  readonly now?: Io["now"];
}

/** Types one command line and gives what came of it. */
export async function sy(options: ShellOptions, ...argv: string[]): Promise<Outcome> {
  const collect = () => {
    const chunks: string[] = [];
    const stream = new PassThrough({ encoding: "utf8" });
    stream.on("data", (chunk: string) => chunks.push(chunk));
    return { stream, text: () => chunks.join("") };
  };
  const [out, err] = [collect(), collect()];
  out.stream.on("data", () => options.onOutput?.(out.text()));
  err.stream.on("data", () => options.onRemark?.(err.text()));
  const code = await main(argv, {
    stdin: Readable.from([options.stdin ?? ""]),
    stdout: out.stream,
    stderr: err.stream,
    colour: options.colour ?? false,
    terminal: options.terminal,
    progress: false,
    interactive: options.interactive ?? false,
    env: options.env ?? {},
    cwd: options.cwd,
    now: options.now ?? (() => NOON),
    ending: () => options.end ?? new AbortController().signal,
  });
  return { code, out: out.text(), err: err.text() };
}

/** A folder of its own with these files in it; `remove` when done. */
export async function folder(files: Readonly<Record<string, string | object>> = {}) {
  const cwd = await mkdtemp(join(tmpdir(), "sy-"));
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(cwd, name)), { recursive: true });
    const text = typeof content === "string" ? content : JSON.stringify(content, null, 2);
    await writeFile(join(cwd, name), text);
  }
  return { cwd, remove: async () => rm(cwd, { recursive: true, force: true }) };
}
