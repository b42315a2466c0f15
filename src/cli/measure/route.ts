import { millis } from "../../lib/instant-text.ts";
import type { Io } from "../io.ts";
import { bar, grouped, percent } from "../text/bars.ts";
import { style } from "../text/style.ts";
import { wrapped } from "../text/wrap.ts";
import { aheadWords } from "./ahead.ts";
import {
  ageOf,
  failed,
  guardWord,
  milliseconds,
  NONE,
  shortName,
  splitWord,
  WIDTH,
} from "./figures.ts";
import { goalFigure } from "./goal-figure.ts";
import { guardLines } from "./guard.ts";
import { latest, minutesTable, whole } from "./minutes.ts";
import type { ExperimentStatus, RouteMetrics, RouteResults, RouteStatus } from "./shapes.ts";

const BAR_CHARS = 5;
const NAME_CHARS = 12;
const GOAL_CHARS = 10;
const PLACE_CHARS = 36;

/** All that is known of a route at one time. */
export interface RouteFigures {
  readonly at: string;
  readonly status: RouteStatus;
  readonly results: RouteResults;
  /** As `METRICS_ASKED` has it. */
  readonly metrics: RouteMetrics;
}

function headLines(
  io: Io,
  { at, status: { route, version, reportedAt, drift } }: RouteFigures,
): string[] {
  const age = ageOf(reportedAt, millis(at));
  const told = [
    version === null ? "put by hand" : `version ${version}`,
    reportedAt === null ? "no report yet" : `newest report ${age} ago`,
  ];
  const drifted = `KV has a value that was put there by hand: see sy get ${shortName(route, 32)}`;
  return [
    `${style(io, "bold", shortName(route, WIDTH / 2))}  ${told.join(", ")}`,
    ...(drift ? [style(io, "yellow", drifted)] : []),
  ];
}

/** The words and figures of one experiment, a row for each variant. */
function experimentLines(
  io: Io,
  { at, results, metrics, status }: RouteFigures,
  one: ExperimentStatus,
) {
  const { experiment, shares, failureShare, requestsPerMinute, srm, guard, verdict } = one;
  const result = results.experiments.find((each) => each.experiment === experiment);
  const goal = result?.goals[0];
  const series = metrics.series.filter((each) => each.experiment === experiment);
  const rows = Object.entries(shares).map(([variant, share]) => {
    const { points = [] } = series.find((each) => each.variant === variant) ?? {};
    const visitors = result?.variants.find((each) => each.variant === variant)?.visitors;
    const cells = [
      `  ${shortName(variant, NAME_CHARS)}`,
      style(io, "cyan", bar(share, BAR_CHARS)),
      percent(share),
      failed(io, failureShare[variant]),
      milliseconds(latest(points)?.latency.p95),
      visitors === undefined ? NONE : grouped(visitors),
      goalFigure(goal, variant),
    ];
    return { cells, minutes: whole(metrics, points) };
  });
  const ahead = aheadWords(one);
  const goalName = goal === undefined ? "goal" : shortName(goal.goal, GOAL_CHARS);
  const heading = ["", "", "share", "failed", "p95", "visitors", goalName];
  const rate = `${grouped(Math.round(requestsPerMinute))} requests a minute`;
  return [
    "",
    ...(experiment === status.route ? [] : [style(io, "bold", shortName(experiment, WIDTH))]),
    `${one.strategy}, ${rate}, split ${splitWord(io, srm)}, guard ${guardWord(io, guard)}`,
    ...(ahead === "" ? [] : wrapped(ahead, WIDTH)),
    ...wrapped(verdict, WIDTH).map((line) => style(io, "bold", line)),
    ...(result?.guard == null ? [] : guardLines(io, result.guard, millis(at))),
    ...minutesTable(io, heading, rows, new Set([2, 3, 4, 5, 6])),
  ];
}

/** Where a variant stands that is in no experiment: its place in the route, as far as that says more than its name. */
function placeOf(route: string, experiment: string, variant: string): string {
  const below = experiment.startsWith(route) ? experiment.slice(route.length) : experiment;
  return below === "" ? variant : `${below} ${variant}`;
}

/** Requests outside every experiment: of a route that does not split, all of them. */
function otherLines(io: Io, { status, metrics }: RouteFigures): string[] {
  const split = new Set(status.experiments.map(({ experiment }) => experiment));
  const rows = metrics.series
    .filter(({ experiment }) => !split.has(experiment))
    .map(({ experiment, variant, points }) => {
      const last = latest(points);
      const cells = [
        `  ${shortName(placeOf(status.route, experiment, variant), PLACE_CHARS)}`,
        failed(io, last === undefined ? undefined : last.failures / last.requests),
        milliseconds(last?.latency.p95),
      ];
      return { cells, minutes: whole(metrics, points) };
    });
  if (rows.length === 0)
    return status.experiments.length > 0 ? [] : ["", "no split, and no figures of requests"];
  return ["", "without a split", ...minutesTable(io, ["", "failed", "p95"], rows, new Set([1, 2]))];
}

/** One route as it is at one time: each experiment with its verdict, and its variants side by side. */
export function renderRoute(io: Io, known: RouteFigures): string[] {
  return [
    ...headLines(io, known),
    ...known.status.experiments.flatMap((one) => experimentLines(io, known, one)),
    ...otherLines(io, known),
  ];
}
