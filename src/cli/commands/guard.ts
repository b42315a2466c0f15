import { routeResults } from "../../api/client/reads.ts";
import { accessFor, type AccessOptions } from "../access/access.ts";
import { command } from "../command.ts";
import { usage } from "../failure.ts";
import { print, printJson, type Io } from "../io.ts";
import { guardedIn, renderGuards } from "../measure/guards.ts";
import { SERVER_OPTIONS } from "../options.ts";
import { connect } from "../server.ts";
import { checkedKey } from "../source/key.ts";

/** Of a hundred visitors so many: a fault that people notice. */
const FAILURES = "5%";

async function show(io: Io, name: string, args: AccessOptions & { json?: boolean | undefined }) {
  const key = checkedKey(name);
  const answer = await routeResults(connect(await accessFor(io, args)), key);
  const guarded = guardedIn(answer);
  if (args.json === true) return printJson(io, { route: key, guards: guarded });
  print(io, ...renderGuards(io, key, guarded, io.now()));
}

export const guard = command({
  name: "guard",
  description: "What a route's guard says, or how soon one would act: sy guard test KEY",
  args: {
    what: {
      type: "positional",
      description: 'The route\'s key, or "test" and then a key or a file',
    },
    of: {
      type: "positional",
      required: false,
      description: "What to test: a key, or a policy file",
    },
    failures: {
      type: "string",
      description: `Of test: of how many visitors more the variant fails (default ${FAILURES})`,
    },
    variant: {
      type: "string",
      description: "Of test: which variant (default: the first to go back)",
    },
    rate: {
      type: "string",
      description: "Of test: new visitors a minute (default: as the route has them)",
    },
    baseline: {
      type: "string",
      description: "Of test: whom anything fails (default: as the route's control has it)",
    },
    experiment: { type: "string", description: "Of test: which split, where there are several" },
    key: { type: "string", description: "Of test: the route of a file (default: the file's name)" },
    ...SERVER_OPTIONS,
  },
  run: async ({ args, io }) => {
    const { what, of } = args;
    if (of !== undefined) {
      if (what !== "test")
        throw usage(`unexpected argument "${of}"`, "see the command with --help");
      // A trial takes the policy language and the statistics; what a guard says, neither.
      const { tryGuard } = await import("../guard/trial.ts");
      return tryGuard(io, of, { ...args, failures: args.failures ?? FAILURES });
    }
    for (const option of ["failures", "variant", "rate", "baseline", "experiment", "key"] as const)
      if (args[option] !== undefined)
        throw usage(`--${option} is for a test`, `write sy guard test ${what}`);
    return show(io, what, args);
  },
});
