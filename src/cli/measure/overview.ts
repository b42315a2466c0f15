import { millis } from "../../lib/instant-text.ts";
import type { Io } from "../io.ts";
import { grouped } from "../text/bars.ts";
import { style } from "../text/style.ts";
import { table } from "../text/table.ts";
import { aheadLegend, aheadSign } from "./ahead.ts";
import { ageOf, failed, guardWord, NONE, shortName, splitWord } from "./figures.ts";
import type { ExperimentStatus, RouteStatus } from "./shapes.ts";

/** What a row may take of a line of 80 characters, beside five columns of figures. */
const NAME_CHARS = 24;
const SHARES_CHARS = 11;

const HEADING = ["route", "shares", "req/min", "failed", "split", "guard", "report"];
const RIGHT = new Set([2, 3, 6]);

/** Shares in a row, in percent, and a sign where they will change: `50/30/20 ↗`. */
function sharesText(one: ExperimentStatus): string {
  const percents = Object.values(one.shares).map((share) =>
    String(Number((share * 100).toFixed(1))),
  );
  const sign = aheadSign(one);
  const ending = sign === "" ? "" : ` ${sign}`;
  return shortName(percents.join("/"), SHARES_CHARS - ending.length) + ending;
}

function experimentCells(io: Io, one: ExperimentStatus): string[] {
  const { requestsPerMinute, failureShare, srm, guard } = one;
  return [
    sharesText(one),
    grouped(Math.round(requestsPerMinute)),
    // The worst of them is the one to look at.
    failed(io, Math.max(0, ...Object.values(failureShare))),
    splitWord(io, srm),
    guardWord(io, guard),
  ];
}

/** A row for the route itself, where it has an experiment of its own name or none, then one for each other. */
function rowsOf(io: Io, { route, experiments, reportedAt, drift }: RouteStatus, now: number) {
  const own = experiments.find(({ experiment }) => experiment === route);
  const others = experiments.filter((one) => one !== own);
  const name = shortName(route, NAME_CHARS - 2) + (drift ? " *" : "");
  const cells = own === undefined ? ["", NONE, NONE, NONE, NONE] : experimentCells(io, own);
  return [
    [style(io, "bold", name), ...cells, ageOf(reportedAt, now)],
    ...others.map((one) => {
      const below = one.experiment.startsWith(route)
        ? one.experiment.slice(route.length)
        : one.experiment;
      return [`  ${shortName(below, NAME_CHARS - 2)}`, ...experimentCells(io, one), ""];
    }),
  ];
}

/** All routes at a glance: a row for each, and for each experiment inside it. */
export function renderOverview(
  io: Io,
  { at, routes }: { readonly at: string; readonly routes: readonly RouteStatus[] },
): string[] {
  if (routes.length === 0) return ["no route"];
  const rows = routes.flatMap((route) => rowsOf(io, route, millis(at)));
  const drifted = routes.some(({ drift }) => drift);
  return [
    ...table(io, HEADING, rows, RIGHT),
    ...aheadLegend(routes.flatMap(({ experiments }) => experiments)),
    ...(drifted ? ["* KV has a value that was put there by hand: see sy get"] : []),
  ];
}
