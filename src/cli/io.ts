import type { Readable, Writable } from "node:stream";

/** What a command may touch of the machine it runs on, so that tests run the very same code. */
export interface Io {
  readonly stdin: Readable;
  readonly stdout: Writable;
  readonly stderr: Writable;
  /** Whether stdout takes colour: a terminal, and nobody said NO_COLOR. */
  readonly colour: boolean;
  /** Whether stderr is a terminal, where a line of progress may be drawn over. */
  readonly progress: boolean;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Paths given by people are relative to this. */
  readonly cwd: string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** Writes text and a line feed to stdout. */
export function print(io: Io, text: string): void {
  io.stdout.write(`${text}\n`);
}

/** Writes a value for machines, indented. */
export function printJson(io: Io, value: unknown): void {
  print(io, JSON.stringify(value, null, 2));
}

/** Writes a line for people that is not a result: to stderr, so that pipes carry results alone. */
export function note(io: Io, text: string): void {
  io.stderr.write(`${text}\n`);
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
    env,
    cwd: process.cwd(),
    now: Date.now,
  };
}
