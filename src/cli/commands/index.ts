import type { Command } from "../command.ts";

/** Every command, loaded when it is called: none waits for what another one needs. */
export const COMMANDS = {
  login: async (): Promise<Command> => (await import("./login.ts")).login,
  logout: async (): Promise<Command> => (await import("./login.ts")).logout,
  init: async (): Promise<Command> => (await import("./init.ts")).init,
  validate: async (): Promise<Command> => (await import("./validate.ts")).validate,
  plan: async (): Promise<Command> => (await import("./plan.ts")).plan,
  apply: async (): Promise<Command> => (await import("./apply.ts")).apply,
  list: async (): Promise<Command> => (await import("./list.ts")).list,
  get: async (): Promise<Command> => (await import("./get.ts")).get,
  history: async (): Promise<Command> => (await import("./history.ts")).history,
  rollback: async (): Promise<Command> => (await import("./rollback.ts")).rollback,
  promote: async (): Promise<Command> => (await import("./actions.ts")).promote,
  pause: async (): Promise<Command> => (await import("./actions.ts")).pause,
  resume: async (): Promise<Command> => (await import("./actions.ts")).resume,
  abort: async (): Promise<Command> => (await import("./actions.ts")).abort,
  renew: async (): Promise<Command> => (await import("./actions.ts")).renew,
  switch: async (): Promise<Command> => (await import("./actions.ts")).switchColour,
  "switch-back": async (): Promise<Command> => (await import("./actions.ts")).switchBack,
  weights: async (): Promise<Command> => (await import("./actions.ts")).weights,
  force: async (): Promise<Command> => (await import("./actions.ts")).force,
  unforce: async (): Promise<Command> => (await import("./actions.ts")).unforce,
  delete: async (): Promise<Command> => (await import("./drift.ts")).remove,
  adopt: async (): Promise<Command> => (await import("./drift.ts")).adopt,
  republish: async (): Promise<Command> => (await import("./drift.ts")).republish,
  explain: async (): Promise<Command> => (await import("./explain.ts")).explain,
  simulate: async (): Promise<Command> => (await import("./simulate.ts")).simulate,
  link: async (): Promise<Command> => (await import("./link.ts")).link,
  export: async (): Promise<Command> => (await import("./export.ts")).exportRoutes,
  import: async (): Promise<Command> => (await import("./import.ts")).importRoutes,
} as const;

export type CommandName = keyof typeof COMMANDS;
