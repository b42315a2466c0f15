import { MANY_CROSSOVERS } from "../../stats/verdict.ts";
import type { Io } from "../io.ts";
import { grouped, percent } from "../text/bars.ts";
import { style } from "../text/style.ts";
import { table } from "../text/table.ts";
import { wrapped } from "../text/wrap.ts";
import { failed, milliseconds, NONE, percentOr, shortName, splitWord, WIDTH } from "./figures.ts";
import { renderGoal } from "./goal.ts";
import { renderGuard } from "./guard.ts";
import type { ExperimentResults, RouteResults } from "./shapes.ts";

const NAME_CHARS = 20;

/** Strata and variants in them that are told: of more, `--json` has all. */
const MAX_STRATA = 10;

const chance = (p: number): string => (p < 0.0001 ? "p < 0.0001" : `p = ${p.toPrecision(2)}`);

function setting(io: Io, { srm, allocations, sampleRate, since }: ExperimentResults): string {
  const told = [
    `split ${splitWord(io, srm.verdict)} (${chance(srm.p)})`,
    allocations === 1 ? "one allocation" : `${allocations} allocations`,
    ...(sampleRate < 1 ? [`a sample of ${Number((sampleRate * 100).toPrecision(3))} %`] : []),
    `since ${since.slice(0, 16).replace("T", " ")} UTC`,
  ];
  return told.join(", ");
}

function variantTable(io: Io, { variants, control, operations = [] }: ExperimentResults): string[] {
  const rows = variants.map(({ variant, visitors, expected, failed: failures, crossoverShare }) => {
    const crossed = percent(crossoverShare);
    const latency = operations.find((one) => one.variant === variant)?.latency;
    return [
      `  ${shortName(variant, NAME_CHARS)}${variant === control ? " *" : ""}`,
      grouped(visitors),
      grouped(Math.round(expected)),
      failed(io, visitors === 0 ? null : failures / visitors),
      milliseconds(latency?.p95),
      crossoverShare > MANY_CROSSOVERS ? style(io, "yellow", crossed) : crossed,
    ];
  });
  return table(
    io,
    ["  * control", "visitors", "expected", "failed", "p95", "crossed over"],
    rows,
    new Set([1, 2, 3, 4, 5]),
  );
}

function apartLine({ apart: { byRule, olderPins, unchecked } }: ExperimentResults): string[] {
  const told = [
    [byRule, "chosen by a rule"],
    [olderPins, "on an older pin"],
    [unchecked, "with an id that is not ours"],
  ].flatMap(([count, what]) => (count === 0 ? [] : [`${grouped(Number(count))} ${what}`]));
  return told.length === 0 ? [] : [`  in no result: ${told.join(", ")}`];
}

/** Visitors with a failure, where there are some: compared like a goal of which less is better. */
function failureLines(io: Io, { failures, control }: ExperimentResults): string[] {
  if (failures.variants.every(({ conversions }) => conversions === 0)) return [];
  const goal = { goal: "visitors with a failure", unattributed: 0, ...failures };
  return ["", ...renderGoal(io, goal, control)];
}

function strataLines(io: Io, { strata, goals }: ExperimentResults): string[] {
  if (strata.length < 2) return [];
  const first = goals[0]?.goal;
  const rows = strata.slice(-MAX_STRATA).flatMap(({ allocation, since, variants }) =>
    variants.map(({ variant, visitors, goals: figures }, index) => {
      const figure = first === undefined ? undefined : figures[first];
      const isRate = goals[0]?.cap === undefined;
      return [
        index === 0 ? `  ${shortName(allocation, NAME_CHARS)}` : "",
        index === 0 ? since.slice(0, 16).replace("T", " ") : "",
        shortName(variant, NAME_CHARS),
        grouped(visitors),
        figure == null ? NONE : isRate ? percentOr(figure) : figure.toFixed(2),
      ];
    }),
  );
  const left = strata.length - MAX_STRATA;
  return [
    "",
    style(io, "bold", "each allocation"),
    ...(left > 0 ? [`  … ${left} earlier ones: see --json`] : []),
    ...table(
      io,
      ["", "since (UTC)", "variant", "visitors", shortName(first ?? "", 12)],
      rows,
      new Set([3, 4]),
    ),
  ];
}

const guardPart = (io: Io, { guard }: ExperimentResults, now: number): string[] =>
  guard == null ? [] : ["", ...renderGuard(io, guard, now)];

function renderExperiment(io: Io, result: ExperimentResults, now: number): string[] {
  return [
    style(io, "bold", shortName(result.experiment, WIDTH)),
    ...wrapped(result.verdict, WIDTH),
    // Nobody was drawn: there is no split to judge, and nobody to count.
    ...(result.allocations === 0 ? [] : foundations(io, result)),
    // Watched all the same: windows need no draw.
    ...guardPart(io, result, now),
  ];
}

/** What a verdict rests on. */
function foundations(io: Io, result: ExperimentResults): string[] {
  return [
    "",
    setting(io, result),
    ...variantTable(io, result),
    ...apartLine(result),
    ...result.goals.flatMap((goal) => ["", ...renderGoal(io, goal, result.control)]),
    ...failureLines(io, result),
    ...strataLines(io, result),
  ];
}

/** What is concluded of each experiment of a route: the verdict, then what it rests on. */
export function renderResults(io: Io, { route, experiments }: RouteResults, now: number): string[] {
  if (experiments.length === 0)
    return [`${shortName(route, WIDTH / 2)} has no experiment that anybody was exposed to`];
  return experiments.flatMap((one, index) => [
    ...(index === 0 ? [] : [""]),
    ...renderExperiment(io, one, now),
  ]);
}
