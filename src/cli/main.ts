import { stripVTControlCharacters } from "node:util";

import type { Command } from "./command.ts";
import { COMMANDS, type CommandName } from "./commands/index.ts";
import { EXIT, Failure, exitCodeOf, reasonOf, usage } from "./failure.ts";
import { note, print, type Io } from "./io.ts";
import { jsonText } from "./text/plain.ts";
import { RELEASE } from "../lib/release.ts";
import { systemFailure } from "./system-failure.ts";
import { nearest } from "../lib/nearest.ts";

const NAMES = Object.keys(COMMANDS) as CommandName[];
const PARENT = { meta: { name: "sy" } };

async function overview(): Promise<string[]> {
  const rows = await Promise.all(
    NAMES.map(async (name) => {
      const { description } = await COMMANDS[name]();
      return `  ${name.padEnd(13)}${description}`;
    }),
  );
  return [
    "The command line of Switchyard.",
    "",
    "Usage: sy <command> [options]",
    "",
    ...rows,
    "",
    `Each with --help. Exit codes: 0 done, 1 failed, 2 plan found changes, ${EXIT.usage} wrong usage.`,
  ];
}

async function help(io: Io, { definition }: Command): Promise<void> {
  const { renderUsage } = await import("citty");
  const text = await renderUsage(definition, PARENT);
  // citty's own text, with its own colours.
  const dressed = io.colour ? text : stripVTControlCharacters(text);
  io.stdout.write(`${dressed.replaceAll(/ +$/gm, "")}\n`);
}

function isCommandName(name: string): name is CommandName {
  return Object.hasOwn(COMMANDS, name);
}

async function find(name: string): Promise<Command> {
  if (isCommandName(name)) return COMMANDS[name]();
  const near = nearest(name, NAMES);
  const fix = near === undefined ? "see sy --help" : `did you mean "${near}"? See sy --help`;
  throw usage(`"${name}" is not a command`, fix);
}

function asFailure(error: unknown): Failure {
  if (error instanceof Failure) return error;
  return (
    systemFailure(error) ??
    new Failure(reasonOf(error), "please report it", { code: "internal-error" })
  );
}

async function dispatch(argv: readonly string[], io: Io): Promise<number> {
  const [name, ...rest] = argv;
  if (name === "--version" || name === "-v") {
    print(io, RELEASE);
    return EXIT.ok;
  }
  if (name === "help" && rest[0] !== undefined) {
    await help(io, await find(rest[0]));
    return EXIT.ok;
  }
  if (name === undefined || name === "--help" || name === "-h" || name === "help") {
    print(io, ...(await overview()));
    return name === undefined ? EXIT.usage : EXIT.ok;
  }
  const command = await find(name);
  if (!command.asksForHelp(rest)) return command.run(rest, io);
  await help(io, command);
  return EXIT.ok;
}

/**
 * Runs one command line and gives its exit code. Never throws: whatever goes wrong is one line on
 * stderr that says what to do, or one JSON object there where the command line asks for JSON.
 */
export async function main(argv: readonly string[], io: Io): Promise<number> {
  try {
    return await dispatch(argv, io);
  } catch (error) {
    const failure = asFailure(error);
    const { message, fix, code } = failure;
    const line = argv.includes("--json")
      ? jsonText({ error: { code, message, fix } })
      : `sy: ${message}; ${fix}`.replaceAll(/\s*\n\s*/g, " ");
    note(io, line);
    return exitCodeOf(failure);
  }
}
