import { accessFor, type AccessOptions } from "../access/access.ts";
import { Failure, usage } from "../failure.ts";
import { print, printJson, type Io } from "../io.ts";
import { rateOf, shareOf } from "../numbers.ts";
import { connect } from "../server.ts";
import { isFile, policyNamed } from "../source/named.ts";
import { forecast, type Trial } from "./forecast.ts";
import { renderForecast } from "./render.ts";
import { triedSplit, type TriedSplit } from "./split.ts";
import { trafficOf, type SplitTraffic } from "./traffic.ts";

/** What the command line says of a trial. */
interface TrialOptions extends AccessOptions {
  readonly key?: string | undefined;
  readonly experiment?: string | undefined;
  readonly failures: string;
  readonly variant?: string | undefined;
  readonly baseline?: string | undefined;
  readonly rate?: string | undefined;
  readonly json?: boolean | undefined;
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
async function trafficFor(io: Io, name: string, experiment: string, args: TrialOptions) {
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

/** Tries a guard on a route's split, or a file's: how soon it would act on a fault. */
export async function tryGuard(io: Io, name: string, args: TrialOptions): Promise<void> {
  const failures = shareOf("--failures", args.failures);
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
