import { differenceInWords } from "../../stats/words.ts";
import type { Io } from "../io.ts";
import { grouped, percent } from "../text/bars.ts";
import { intervalBar, type Interval } from "../text/interval.ts";
import { style } from "../text/style.ts";
import { leftOf, table } from "../text/table.ts";
import { NONE, shortName, WIDTH } from "./figures.ts";
import type { Comparison, GoalResult } from "./shapes.ts";

const NAME_CHARS = 12;

/** Characters of an interval, with its zero in the middle: as many as a line leaves, and none where that is too little. */
const INTERVAL_CHARS = { least: 9, most: 21 } as const;

const COLOURS = { better: "green", worse: "red" } as const;

const RIGHT = new Set([1, 2]);

/** The comparison's numbers, where they say something: before that they are as far apart as any two variants can be. */
function intervalOf(comparison: Comparison | undefined): Interval | undefined {
  if (comparison === undefined || comparison.verdict === "too-early") return undefined;
  const { difference, low, high } = comparison;
  return difference === null || low === null || high === null
    ? undefined
    : { difference, low, high };
}

/** What the bars of a goal reach to on both sides. */
function scaleOf(comparisons: readonly Comparison[]): number {
  const ends = comparisons.flatMap((one) => {
    const interval = intervalOf(one);
    return interval === undefined ? [] : [Math.abs(interval.low), Math.abs(interval.high)];
  });
  return Math.max(0, ...ends);
}

function verdictText(io: Io, { verdict }: Comparison): string {
  if (verdict === "better" || verdict === "worse") return style(io, COLOURS[verdict], verdict);
  return verdict === "undecided" ? verdict : "too early";
}

/** How a variant differs from the control, in words. */
function differenceText(one: Comparison | undefined, isRate: boolean): string {
  const interval = intervalOf(one);
  if (interval === undefined) return NONE;
  return differenceInWords(interval, isRate ? "points" : "value").replace(" points", "");
}

/** The odd number of characters that lines of these cells leave for a bar; 0 for too few. */
function barChars(rows: readonly (readonly string[])[]): number {
  const left = Math.min(INTERVAL_CHARS.most, leftOf(WIDTH, rows));
  return left < INTERVAL_CHARS.least ? 0 : left - ((left + 1) % 2);
}

/** One goal: what each variant reaches, and how sure its difference to the control is. */
export function renderGoal(io: Io, goal: GoalResult, control: string): string[] {
  const { comparisons, variants, cap } = goal;
  const isRate = cap === undefined;
  const of = (variant: string) => comparisons.find((one) => one.variant === variant);
  const heading = [
    "",
    "reached",
    isRate ? "rate" : "mean",
    isRate ? "points above control" : "above control",
    "",
  ];
  const rows = variants.map((one) => {
    const compared = of(one.variant);
    const figure = "rate" in one ? one.rate : one.mean;
    return [
      `  ${shortName(one.variant, NAME_CHARS)}`,
      grouped(one.conversions),
      figure === null ? NONE : isRate ? percent(figure) : figure.toFixed(2),
      one.variant === control ? "" : differenceText(compared, isRate),
      compared === undefined ? "" : verdictText(io, compared),
    ];
  });
  const chars = barChars([heading, ...rows]);
  const scale = scaleOf(comparisons);
  const drawn = rows.map((row, index) => {
    const compared = of(variants[index]?.variant ?? "");
    const interval = intervalOf(compared);
    const verdict = compared?.verdict;
    const colour = verdict === "better" || verdict === "worse" ? COLOURS[verdict] : "dim";
    const line = interval === undefined ? "" : intervalBar(interval, scale, chars);
    return [...row.slice(0, 4), style(io, colour, line), ...row.slice(4)];
  });
  return [
    style(io, "bold", shortName(goal.goal, 40)) + notes(goal),
    ...(chars === 0
      ? table(io, heading, rows, RIGHT)
      : table(io, [...heading.slice(0, 4), "", ""], drawn, RIGHT)),
  ];
}

/** What else there is to know of a goal's figures. */
function notes({ cap, unattributed, variants }: GoalResult): string {
  const capped = variants.reduce((all, one) => all + ("capped" in one ? one.capped : 0), 0);
  return [
    ...(cap === undefined ? [] : [`cut at ${cap} a visitor (${grouped(capped)} were)`]),
    ...(unattributed === 0 ? [] : [`${grouped(unattributed)} unattributed`]),
  ]
    .map((note) => `, ${note}`)
    .join("");
}
