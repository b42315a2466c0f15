import { routeResults } from "../../api/client/reads.ts";
import { accessFor, type AccessOptions } from "../access/access.ts";
import { command } from "../command.ts";
import { Failure, usage } from "../failure.ts";
import { forecast, type Trial } from "../guard/forecast.ts";
import { renderForecast } from "../guard/render.ts";
import { triedSplit, type TriedSplit } from "../guard/split.ts";
import { trafficOf, type SplitTraffic } from "../guard/traffic.ts";
import { print, printJson, type Io } from "../io.ts";
import { guardedIn, renderGuards } from "../measure/guards.ts";
import { rateOf, shareOf } from "../numbers.ts";
import { SERVER_OPTIONS } from "../options.ts";
import { connect } from "../server.ts";
import { checkedKey } from "../source/local.ts";
import { isFile, policyNamed } from "../source/named.ts";

/** Of a hundred visitors so many: a fault that people notice. */
const FAILURES = "5%";

interface TestOptions extends AccessOptions {
  readonly key?: string | undefined;
  readonly experiment?: string | undefined;
  readonly failures?: string | undefined;
  readonly variant?: string | undefined;
  readonly baseline?: string | undefined;
  readonly rate?: string | undefined;
  readonly json?: boolean | undefined;
}

async function show(io: Io, name: string, args: AccessOptions & { json?: boolean | undefined }) {
  const key = checkedKey(name);
  const answer = await routeResults(connect(await accessFor(io, args)), key);
  const guarded = guardedIn(answer);
  if (args.json === true) return printJson(io, { route: key, guards: guarded });
  print(io, ...renderGuards(io, key, guarded, io.now()));
}

function variantIn({ variants, experiment }: TriedSplit, wanted: string | undefined): string {
  const [first] = variants;
  if (first === undefined)
    throw new Failure(
      `nobody is drawn for another variant of "${experiment}" than the control`,
      "give it a share first, or try a file in which it has one",
    );
  if (wanted === undefined || variants.includes(wanted)) return wanted ?? first;
  throw usage(`--variant "${wanted}" cannot be taken back`, `use one of: ${variants.join(", ")}`);
}

/** What comes to a split: as the options say, and for the rest by the counts of a live route. */
async function trafficFor(io: Io, name: string, experiment: string, args: TestOptions) {
  const rate = args.rate === undefined ? undefined : rateOf("--rate", args.rate);
  const baseline = args.baseline === undefined ? undefined : shareOf("--baseline", args.baseline);
  let counted: SplitTraffic | undefined;
  if (!isFile(name) && (rate === undefined || baseline === undefined))
    counted = await trafficOf(connect(await accessFor(io, args)), name, experiment, io.now());
  const visitorsPerMinute = rate ?? counted?.visitorsPerMinute;
  if (visitorsPerMinute === undefined || visitorsPerMinute === 0)
    throw new Failure(
      isFile(name)
        ? "a file has no visitors"
        : `nobody has come to "${experiment}" in the last hour`,
      "say with --rate how many new visitors it has in a minute",
    );
  return { visitorsPerMinute, baseline: baseline ?? counted?.baseline ?? 0, counted };
}

async function test(io: Io, name: string, args: TestOptions): Promise<void> {
  const failures = shareOf("--failures", args.failures ?? FAILURES);
  const route = await policyNamed(io, name, args);
  const split = triedSplit(route, args.experiment, io.now());
  const variant = variantIn(split, args.variant);
  const { visitorsPerMinute, baseline, counted } = await trafficFor(
    io,
    name,
    split.experiment,
    args,
  );
  const trial: Trial = { split, visitorsPerMinute, baseline, failures, variant };
  const found = forecast(trial);
  if (args.json !== true) return print(io, ...renderForecast(io, trial, found));
  const { experiment, guard, isAdvised } = split;
  printJson(io, {
    route: route.key,
    experiment,
    guard: { ...guard, advised: isAdvised },
    traffic: { visitorsPerMinute, baseline, requestsPerMinute: counted?.requestsPerMinute ?? null },
    fault: { variant, failures },
    ...found,
  });
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
      if (what === "test") return test(io, of, args);
      throw usage(`unexpected argument "${of}"`, "see the command with --help");
    }
    for (const option of ["failures", "variant", "rate", "baseline", "experiment", "key"] as const)
      if (args[option] !== undefined)
        throw usage(`--${option} is for a test`, `write sy guard test ${what}`);
    return show(io, what, args);
  },
});
