import type { GuardCheck } from "../../lib/guard.ts";
import type { StepForecast } from "../../stats/guard/simulate-ramp.ts";
import type { Times } from "../../stats/guard/times.ts";
import type { Io } from "../io.ts";
import { grouped, percent } from "../text/bars.ts";
import { style } from "../text/style.ts";
import { table } from "../text/table.ts";
import { wrapped } from "../text/wrap.ts";
import { NONE, shortName, WIDTH } from "../measure/figures.ts";
import type { Forecast, Trial } from "./forecast.ts";

const MINUTES_IN = { hour: 60, day: 1440 } as const;

/** A length of time in minutes, in the unit that fits it. */
export function lasting(minutes: number | null): string {
  if (minutes === null) return NONE;
  if (minutes < 1) return `${Math.ceil(minutes * 60)} s`;
  if (minutes < 2 * MINUTES_IN.hour) return `${Number(minutes.toPrecision(2))} min`;
  if (minutes < 2 * MINUTES_IN.day)
    return `${Number((minutes / MINUTES_IN.hour).toPrecision(2))} h`;
  return `${Number((minutes / MINUTES_IN.day).toPrecision(2))} d`;
}

/** A check as a policy has it. */
const written = (check: GuardCheck): string =>
  JSON.stringify(check).replaceAll(/[,:](?=["\d])/g, "$& ");

const checkLines = (checks: readonly GuardCheck[]): string[] =>
  checks.map((check) => `  ${written(check)}`);

/** By when a guard has acted. */
function actsLine({ median, p99, never }: Times): string {
  const half = median === null ? "" : `in half of the roll-outs within ${lasting(median)}, `;
  const most =
    p99 === null
      ? `in ${percent(never)} of them not within a day`
      : `in 99 of 100 within ${lasting(p99)}`;
  return half + most;
}

function stepLines(io: Io, steps: readonly StepForecast[]): string[] {
  const rows = steps.map(({ percent: share, holdSeconds, median, p99 }) => [
    `  ${share} %`,
    lasting(holdSeconds / 60),
    lasting(median),
    lasting(p99),
  ]);
  const heading = ["  step", "hold", "earned after", "99 of 100"];
  return [
    "",
    "each step of the ramp, where the canary is as good as the control:",
    ...table(io, heading, rows, new Set([1, 2, 3])),
    ...(steps.some(({ p99 }) => p99 === null) ? [`  ${NONE} is more than a week`] : []),
  ];
}

/** What a trial came to, in words. */
export function renderForecast(io: Io, trial: Trial, forecast: Forecast): string[] {
  const { split, visitorsPerMinute, baseline, failures, variant } = trial;
  const { acts, inError, tried, untried, steps } = forecast;
  const { windowMs, minVisitors } = split.guard;
  const name = shortName(variant, WIDTH / 4);
  const rate =
    visitorsPerMinute < 10
      ? Number(visitorsPerMinute.toPrecision(2))
      : grouped(Math.round(visitorsPerMinute));
  const traffic = `${rate} new visitors a minute, ${percent(split.shares[variant] ?? 0)} of them on ${name}; ${percent(baseline)} meet a failure whatever serves them`;
  return [
    style(io, "bold", shortName(split.experiment, WIDTH)),
    ...wrapped(traffic, WIDTH),
    "",
    split.isAdvised
      ? "no guard yet; with this one, from ten visitors on:"
      : `its guard, with windows of ${lasting(windowMs / 60_000)}, from ${grouped(minVisitors)} visitors on:`,
    ...checkLines(tried),
    ...(tried.length === 0
      ? ["  none of its checks is about failures: nothing is foretold"]
      : [
          "",
          `where ${name} fails for ${percent(failures)} of its visitors more, it acts`,
          `  ${actsLine(acts)}`,
          `where it fails for no more than ${shortName(split.control, WIDTH / 4)}, it acts in error`,
          `  on ${inError.acted} of ${grouped(inError.days)} days`,
        ]),
    ...(untried.length === 0
      ? []
      : ["", "not tried, as a failure does not move them:", ...checkLines(untried)]),
    ...(steps === undefined ? [] : stepLines(io, steps)),
  ];
}
