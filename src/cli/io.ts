import type { Readable, Writable } from "node:stream";

import { jsonText } from "./text/plain.ts";
import { dressed } from "./text/style.ts";

/** What a command may touch of the machine it runs on, so that tests run the very same code. */
export interface Io {
  readonly stdin: Readable;
  readonly stdout: Writable;
  readonly stderr: Writable;
  /** Whether stdout takes colour: a terminal, and nobody said NO_COLOR. */
  readonly colour: boolean;
  /** The terminal that stdout is, where what stands there may be drawn over; undefined where it is none. */
  readonly terminal: Terminal | undefined;
  /** Whether stderr is a terminal, where a line of progress may be drawn over. */
  readonly progress: boolean;
  /** Whether somebody sits at a terminal and can be asked. */
  readonly interactive: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Paths given by people are relative to this. */
  readonly cwd: string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** A signal that is aborted once the user (Ctrl-C) or the system asks this process to end; from then on it has to end by itself. */
  readonly ending: () => AbortSignal;
}

/** A terminal's size, in characters; it changes whenever stdout emits `resize`. */
export interface Terminal {
  readonly columns: number;
  readonly rows: number;
}

/** Writes lines to stdout. Whatever text of others stands in one, no control character of it is written. */
export function print(io: Io, ...lines: readonly string[]): void {
  for (const line of lines) io.stdout.write(`${dressed(line)}\n`);
}

/** Writes a value for machines to stdout, indented. Control characters are escaped as JSON escapes them. */
export function printJson(io: Io, value: unknown): void {
  io.stdout.write(`${jsonText(value, 2)}\n`);
}

/** Writes lines for people that are not a result to stderr, so that pipes carry results alone; as safe as {@link print}. */
export function note(io: Io, ...lines: readonly string[]): void {
  for (const line of lines) io.stderr.write(`${dressed(line)}\n`);
}

/** Whether a stream takes colour: https://no-color.org says that any NO_COLOR that is not empty switches it off. */
export function takesColour(isTerminal: boolean, env: Io["env"]): boolean {
  return isTerminal && (env["NO_COLOR"] ?? "") === "" && env["TERM"] !== "dumb";
}

/** What asks a process to end and gives it time to. */
const END_SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

function ending(): AbortSignal {
  const end = new AbortController();
  // Once each: whoever asks again does not have to wait.
  for (const name of END_SIGNALS) process.once(name, () => end.abort());
  return end.signal;
}

/** The real machine. */
export function processIo(): Io {
  const { stdin, stdout, stderr, env } = process;
  return {
    stdin,
    stdout,
    stderr,
    colour: takesColour(stdout.isTTY, env),
    terminal: stdout.isTTY && env["TERM"] !== "dumb" ? stdout : undefined,
    progress: stderr.isTTY && env["TERM"] !== "dumb",
    interactive: stdin.isTTY && stderr.isTTY,
    env,
    cwd: process.cwd(),
    now: Date.now,
    ending,
  };
}
