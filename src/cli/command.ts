import type { ArgDef, ArgsDef, CommandDef } from "citty";

import { asksForHelp, readArguments } from "./arguments.ts";
import { EXIT } from "./failure.ts";
import type { Io } from "./io.ts";

/** What a declared argument holds. citty's own type forgets that an optional one may be absent. */
type Value<TArg extends ArgDef> = TArg extends { type: "boolean" }
  ? boolean | undefined
  : TArg extends { type: "positional"; required: false }
    ? string | undefined
    : TArg extends { type: "positional" } | { required: true } | { default: string }
      ? string
      : string | undefined;

/** One call of a command. */
export interface Call<TArgs extends ArgsDef> {
  readonly args: { readonly [TName in keyof TArgs]: Value<TArgs[TName]> };
  /** All values of an option that may be given more than once, in order. */
  readonly all: (name: keyof TArgs & string) => readonly string[];
  /** Every argument that is not an option, the declared ones included. */
  readonly positionals: readonly string[];
  readonly io: Io;
}

interface Definition<TArgs extends ArgsDef> {
  readonly name: string;
  readonly description: string;
  readonly args: TArgs;
  /** Options that may be given more than once. */
  readonly repeatable?: readonly (keyof TArgs & string)[];
  /** Whether more arguments than declared may follow. */
  readonly open?: boolean;
  /** The exit code; 0 where nothing is returned. */
  readonly run: (call: Call<TArgs>) => Promise<number | void>;
}

/** A command, ready to be called. */
export interface Command {
  /** For citty, which writes the help text from it. */
  readonly definition: CommandDef;
  readonly description: string;
  readonly args: ArgsDef;
  readonly asksForHelp: (rawArgs: readonly string[]) => boolean;
  /** Runs it and gives the exit code. Throws a usage failure where the command line does not fit. */
  readonly run: (rawArgs: readonly string[], io: Io) => Promise<number>;
}

/** Makes a command of its declaration: arguments are checked against it before `run` is called. */
export function command<const TArgs extends ArgsDef>(definition: Definition<TArgs>): Command {
  const { name, description, args, repeatable = [], open = false } = definition;
  return {
    definition: { meta: { name, description }, args },
    description,
    args,
    asksForHelp: (rawArgs) => asksForHelp(args, rawArgs),
    run: async (rawArgs, io) => {
      const { values, all, positionals } = readArguments(args, rawArgs, { repeatable, open });
      // `readArguments` has held the values against this very declaration.
      const call = { args: values as Call<TArgs>["args"], all, positionals, io };
      return (await definition.run(call)) ?? EXIT.ok;
    },
  };
}
