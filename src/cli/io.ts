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
  /** Whether stderr is a terminal, where a line of progress may be drawn over. */
  readonly progress: boolean;
  /** Whether somebody sits at a terminal and can be asked. */
  readonly interactive: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Paths given by people are relative to this. */
  readonly cwd: string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
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

/** The real machine. */
export function processIo(): Io {
  const { stdin, stdout, stderr, env } = process;
  return {
    stdin,
    stdout,
    stderr,
    colour: takesColour(stdout.isTTY, env),
    progress: stderr.isTTY && env["TERM"] !== "dumb",
    interactive: stdin.isTTY && stderr.isTTY,
    env,
    cwd: process.cwd(),
    now: Date.now,
  };
}
