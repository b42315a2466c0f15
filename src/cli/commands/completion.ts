import { command } from "../command.ts";
import { SHELLS } from "../completion/scripts.ts";
import { optionsOf } from "../completion/table.ts";
import { usage } from "../failure.ts";

const isShell = (name: string): name is keyof typeof SHELLS => Object.hasOwn(SHELLS, name);

export const completion = command({
  name: "completion",
  description: "Print what makes a shell complete sy: bash, zsh or fish",
  args: { shell: { type: "positional", description: "bash, zsh or fish" } },
  run: async ({ args: { shell }, io }) => {
    if (!isShell(shell))
      throw usage(`"${shell}" is not a shell that is known here`, "write bash, zsh or fish");
    // Loaded when it is called: the table has this command too.
    const { COMMANDS } = await import("./index.ts");
    const commands = await Promise.all(
      Object.entries(COMMANDS).map(async ([name, load]) => {
        const { description, args } = await load();
        return { name, description, options: optionsOf(args) };
      }),
    );
    io.stdout.write(SHELLS[shell](commands));
  },
});
