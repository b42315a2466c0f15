import { parseArgs, type ParseArgsOptionsConfig } from "node:util";

import type { ArgsDef } from "citty";

import { reasonOf, usage, type Failure } from "./failure.ts";

const SEE_HELP = "see the command with --help";

/** A command line taken apart. */
export interface Parsed {
  /** Each declared option that is there, and each declared positional argument; of an option given often, the last. */
  readonly values: Readonly<Record<string, string | boolean>>;
  /** All values of an option, in order. */
  readonly all: (option: string) => readonly string[];
  readonly positionals: readonly string[];
}

/** Options by the ways they are written, without the leading dashes: `note` and `m`. */
function spellingsOf(args: ArgsDef): ReadonlyMap<string, { name: string; takesValue: boolean }> {
  const spellings = new Map([
    ["help", { name: "help", takesValue: false }],
    ["h", { name: "help", takesValue: false }],
  ]);
  for (const [name, arg] of Object.entries(args)) {
    if (arg.type === "positional") continue;
    const option = { name, takesValue: arg.type !== "boolean" };
    const aliases = "alias" in arg ? [arg.alias ?? []].flat() : [];
    for (const spelling of [name, ...aliases]) spellings.set(spelling, option);
  }
  return spellings;
}

/** The option that one word of a command line is, with or without a value after `=`. */
function optionOf(word: string, spellings: ReturnType<typeof spellingsOf>) {
  const [, spelling = ""] = /^--?([^=]+)(?:=|$)/.exec(word) ?? [];
  const isLong = word.startsWith("--");
  return isLong === spelling.length > 1 ? spellings.get(spelling) : undefined;
}

/**
 * Joins each option with its value (`--note -x` becomes `--note=-x`), so that a value may begin with
 * a dash: a visitor's id does, once in 64. Only a word that is itself an option of the command is
 * not taken for a value: it was forgotten, then.
 */
function joined(args: ArgsDef, rawArgs: readonly string[]): { words: string[]; help: boolean } {
  const spellings = spellingsOf(args);
  const words: string[] = [];
  let help = false;
  for (let at = 0; at < rawArgs.length; at += 1) {
    const word = rawArgs[at] ?? "";
    if (word === "--") return { words: [...words, ...rawArgs.slice(at)], help };
    const option = optionOf(word, spellings);
    if (option?.name === "help") help = true;
    const next = rawArgs[at + 1];
    if (option?.takesValue !== true || word.includes("=") || next === undefined) {
      words.push(word);
      continue;
    }
    if (next === "--" || optionOf(next, spellings) !== undefined) {
      if (optionOf(next, spellings)?.name === "help") return { words, help: true };
      throw usage(
        `${word} needs a value before "${next}"`,
        `give it one, or write --${option.name}=${next} if that is the value`,
      );
    }
    words.push(`--${option.name}=${next}`);
    at += 1;
  }
  return { words, help };
}

/** Whether a command line asks for help: as an option, not as the value of one. */
export function asksForHelp(args: ArgsDef, rawArgs: readonly string[]): boolean {
  try {
    return joined(args, rawArgs).help;
  } catch {
    return false;
  }
}

function configOf(args: ArgsDef): ParseArgsOptionsConfig {
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

function misread(error: unknown): Failure {
  // Node adds advice about positional arguments after the first sentence; nobody needs it here.
  const [reason = ""] = reasonOf(error).split(/\. |\n/);
  const message = reason.replace(/\.$/, "");
  const isShort = /^Unknown option '-[^-]/.test(message);
  return usage(message, isShort ? `put -- before a value that begins so; ${SEE_HELP}` : SEE_HELP);
}

function demandAll(args: ArgsDef, values: Parsed["values"]): void {
  for (const [name, arg] of Object.entries(args)) {
    if (Object.hasOwn(values, name)) continue;
    if (arg.type === "positional" && arg.required !== false)
      throw usage(`Missing required positional argument: ${name.toUpperCase()}`, SEE_HELP);
    if (arg.type !== "positional" && arg.required === true)
      throw usage(`Missing required argument: --${name}`, SEE_HELP);
  }
}

/** What a command takes beside the declared arguments. */
export interface Extent {
  /** Options that may be given more than once. */
  readonly repeatable: readonly string[];
  /** Whether more arguments than declared may follow. */
  readonly open: boolean;
}

/**
 * Takes a command line apart by its declaration. Throws a usage failure for an option that is not
 * declared, one given twice, an argument too many or one too few: a typing error must not change
 * what a command does.
 */
export function readArguments(
  args: ArgsDef,
  rawArgs: readonly string[],
  { repeatable, open }: Extent,
): Parsed {
  const { words } = joined(args, rawArgs);
  let parsed;
  try {
    const options = configOf(args);
    parsed = parseArgs({ args: words, options, allowPositionals: true, allowNegative: true });
  } catch (error) {
    throw misread(error);
  }
  const given = parsed.values as Readonly<Record<string, (string | boolean)[] | undefined>>;
  const { positionals } = parsed;
  const declared = Object.entries(args).filter(([, { type }]) => type === "positional");
  if (!open && positionals.length > declared.length)
    throw usage(`unexpected argument "${positionals[declared.length]}"`, SEE_HELP);
  const values: Record<string, string | boolean> = {};
  for (const [option, all = []] of Object.entries(given)) {
    if (all.length > 1 && !repeatable.includes(option))
      throw usage(`--${option} is given twice`, "give it once");
    const last = all.at(-1);
    if (last !== undefined) values[option] = last;
  }
  for (const [at, [name]] of declared.entries()) {
    const value = positionals[at];
    if (value !== undefined) values[name] = value;
  }
  demandAll(args, values);
  return { values, all: (option) => (given[option] ?? []).map(String), positionals };
}
