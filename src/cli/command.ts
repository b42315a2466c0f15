import { parseArgs, type ParseArgsOptionsConfig } from "node:util";

import { defineCommand, type ArgDef, type ArgsDef, type CommandDef } from "citty";

import { EXIT, reasonOf, usage } from "./failure.ts";
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

/** A command as citty knows it, and the check that citty leaves out. */
export interface Command {
  readonly definition: CommandDef;
  /** Throws a usage failure for an unknown option, one given twice, or an argument too many. */
  readonly inspect: (rawArgs: readonly string[]) => void;
}

function optionsOf(args: ArgsDef): ParseArgsOptionsConfig {
  const options: ParseArgsOptionsConfig = { help: { type: "boolean", short: "h" } };
  for (const [name, arg] of Object.entries(args)) {
    if (arg.type === "positional") continue;
    const aliases = "alias" in arg ? [arg.alias ?? []].flat() : [];
    const short = aliases.find((alias) => alias.length === 1);
    const option = { type: arg.type === "boolean" ? "boolean" : "string", multiple: true } as const;
    options[name] = short === undefined ? option : { ...option, short };
  }
  return options;
}

function parse(args: ArgsDef, rawArgs: readonly string[]) {
  try {
    return parseArgs({
      args: [...rawArgs],
      options: optionsOf(args),
      allowPositionals: true,
      allowNegative: true,
    });
  } catch (error) {
    // Node adds advice about positional arguments after the first sentence; nobody needs it here.
    const [reason = ""] = reasonOf(error).split(/\. |\n/);
    throw usage(reason.replace(/\.$/, ""), "see the command with --help");
  }
}

/** Defines a command for citty. Unlike citty alone it refuses what it does not know: a typing error must not change what a command does. */
export function command<const TArgs extends ArgsDef>(definition: Definition<TArgs>): Command {
  const { name, description, args, repeatable = [], open = false } = definition;
  const valuesOf = (rawArgs: readonly string[], option: string): readonly string[] =>
    [(parse(args, rawArgs).values as Record<string, unknown>)[option] ?? []].flat().map(String);
  return {
    inspect: (rawArgs) => {
      const { positionals } = parse(args, rawArgs);
      const declared = Object.values(args).filter(({ type }) => type === "positional").length;
      if (!open && positionals.length > declared) {
        throw usage(
          `unexpected argument "${positionals[declared]}"`,
          "see the command with --help",
        );
      }
      for (const option of Object.keys(args)) {
        if (repeatable.includes(option) || valuesOf(rawArgs, option).length < 2) continue;
        throw usage(`--${option} is given twice`, "give it once");
      }
    },
    definition: defineCommand({
      meta: { name, description },
      args: args as ArgsDef,
      run: async (context) => {
        const call: Call<TArgs> = {
          args: context.args as unknown as Call<TArgs>["args"],
          all: (option) => valuesOf(context.rawArgs, option),
          positionals: parse(args, context.rawArgs).positionals,
          io: context.data as Io,
        };
        return (await definition.run(call)) ?? EXIT.ok;
      },
    }),
  };
}
