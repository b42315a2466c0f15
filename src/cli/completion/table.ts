import type { ArgsDef } from "citty";

/** One option as it is typed, and what it is about. */
interface Option {
  readonly long: string;
  readonly short: string | undefined;
  readonly description: string;
  readonly takesValue: boolean;
}

/** One command as a shell completes it. */
export interface Completed {
  readonly name: string;
  readonly description: string;
  readonly options: readonly Option[];
}

/** The options of a command's declaration. */
export function optionsOf(args: ArgsDef): Option[] {
  const options = Object.entries(args).flatMap(([long, arg]): Option[] => {
    if (arg.type === "positional") return [];
    const aliases = "alias" in arg ? [arg.alias ?? []].flat() : [];
    const isOff = arg.type === "boolean" && arg.default === true;
    return [
      {
        long: isOff ? `no-${long}` : long,
        short: aliases.find((alias) => alias.length === 1),
        description: arg.description ?? "",
        takesValue: arg.type !== "boolean",
      },
    ];
  });
  return [
    ...options,
    { long: "help", short: "h", description: "Explain the command", takesValue: false },
  ];
}
