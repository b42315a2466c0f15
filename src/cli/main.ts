import { stripVTControlCharacters } from "node:util";

import { renderUsage, runCommand } from "citty";

import type { Command } from "./command.ts";
import { COMMANDS, type CommandName } from "./commands/index.ts";
import { EXIT, Failure, exitCodeOf, reasonOf, usage } from "./failure.ts";
import { note, print, type Io } from "./io.ts";
import { plain } from "./text/style.ts";
import { nearest } from "../lib/nearest.ts";

const NAMES = Object.keys(COMMANDS) as CommandName[];
const PARENT = { meta: { name: "sy" } };

async function overview(): Promise<string> {
  const rows = await Promise.all(
    NAMES.map(async (name) => {
      const meta = (await COMMANDS[name]()).definition.meta as { description: string };
      return `  ${name.padEnd(13)}${meta.description}`;
    }),
  );
  return `The command line of Switchyard.

Usage: sy <command> [options]

${rows.join("\n")}

Each with --help. Exit codes: 0 done, 1 failed, 2 plan found changes, ${EXIT.usage} wrong usage.`;
}

async function help(io: Io, { definition }: Command): Promise<void> {
  const text = await renderUsage(definition, PARENT);
  print(io, (io.colour ? text : stripVTControlCharacters(text)).replaceAll(/ +$/gm, ""));
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

/** citty's own complaints (a missing argument, a word that is none of the options) are wrong usage too. */
function asFailure(error: unknown): Failure {
  if (error instanceof Failure) return error;
  if (error instanceof Error && error.name === "CLIError")
    return usage(stripVTControlCharacters(error.message), "see the command with --help");
  return new Failure(reasonOf(error), "please report it", { code: "internal-error" });
}

async function dispatch(argv: readonly string[], io: Io): Promise<number> {
  const [name, ...rest] = argv;
  if (name === undefined || name === "--help" || name === "-h" || name === "help") {
    print(io, await overview());
    return name === undefined ? EXIT.usage : EXIT.ok;
  }
  const command = await find(name);
  const end = rest.indexOf("--");
  const options = end === -1 ? rest : rest.slice(0, end);
  if (options.includes("--help") || options.includes("-h")) {
    await help(io, command);
    return EXIT.ok;
  }
  command.inspect(rest);
  const { result } = await runCommand(command.definition, { rawArgs: rest, data: io });
  return typeof result === "number" ? result : EXIT.ok;
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
      ? JSON.stringify({ error: { code, message, fix } })
      : plain(`sy: ${message}; ${fix}`.replaceAll(/\s*\n\s*/g, " "));
    note(io, line);
    return exitCodeOf(failure);
  }
}
