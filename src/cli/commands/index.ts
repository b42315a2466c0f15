import type { Command } from "../command.ts";

/** Every command, loaded when it is called: `sy --help` need not wait for what one of them needs. */
export const COMMANDS = {
  init: async (): Promise<Command> => (await import("./init.ts")).init,
  validate: async (): Promise<Command> => (await import("./validate.ts")).validate,
  explain: async (): Promise<Command> => (await import("./explain.ts")).explain,
  simulate: async (): Promise<Command> => (await import("./simulate.ts")).simulate,
} as const;

export type CommandName = keyof typeof COMMANDS;
