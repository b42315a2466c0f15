import type { ExperimentData, Identity } from "./data.ts";
import { expectedOf, exposedIn } from "./expected.ts";
import { own } from "./own.ts";
import { daysLeft, isTooEarly, standingOf } from "./standing.ts";
import type { Comparison, ExperimentResults, GoalResult } from "./types.ts";
import { chance, differenceInWords, list, percent, whole } from "./words.ts";

/** A share of visitors with two variants above which it is told first. */
export const MANY_CROSSOVERS = 0.01;

/** Why there are no figures of visitors. */
export const NO_VERDICT: Readonly<Record<Exclude<Identity, "lasting">, string>> = {
  address: "visitors are recognised by their address only, which many share and nobody keeps",
  "not-sticky": "visitors are not recognised (`sticky` is false), so nobody stays with a variant",
  "no-key": "visitors are not recognised: the secret VISITOR_KEY is not set",
};

type Results = Omit<ExperimentResults, "verdict" | "standing">;

function daysToGo(data: ExperimentData): string[] {
  const left = daysLeft(data);
  return left === 0 ? [] : [`${left} more ${left === 1 ? "day" : "days"} to a whole week`];
}

/** Which variants have more visitors than the shares say, and which fewer. */
function uneven({ variants, strata }: ExperimentData, { srm }: Results): string {
  // All exposures, of visitors dropped from the sample too: these are what the test is of.
  const expected = expectedOf(strata, exposedIn);
  const counts = variants.map((variant) => {
    const exposed = strata.reduce((all, stratum) => all + (own(stratum.exposed, variant) ?? 0), 0);
    return `${variant} ${whole(exposed)} instead of ${whole(expected.get(variant) ?? 0)}`;
  });
  return `${list(counts)}, ${chance(srm.p)}`;
}

function crossovers({ variants }: Results): string[] {
  const many = variants.filter(({ crossoverShare }) => crossoverShare > MANY_CROSSOVERS);
  if (many.length === 0) return [];
  const told = many.map(
    ({ variant, crossoverShare }) => `${percent(crossoverShare)} of ${variant}`,
  );
  return [`visitors met more than one variant (${list(told)}), which hides differences`];
}

/** The words for more, less and no sure difference of each kind of goal. */
interface Verbs {
  readonly better: string;
  readonly worse: string;
  readonly undecided: string;
  readonly unit: "points" | "value";
  readonly where: string;
}

function verbsOf({ goal, cap }: GoalResult): Verbs {
  return cap === undefined
    ? {
        better: "converts better",
        worse: "converts worse",
        undecided: "is undecided",
        unit: "points",
        where: ` in ${goal}`,
      }
    : {
        better: "brings more",
        worse: "brings less",
        undecided: "is undecided",
        unit: "value",
        where: ` a visitor in ${goal}`,
      };
}

const OF_FAILURES: Verbs = {
  better: "fails for fewer visitors",
  worse: "fails for more visitors",
  undecided: "fails for about as many visitors as the control",
  unit: "points",
  where: "",
};

function compared(one: Comparison, verbs: Verbs): string {
  const { difference, low, high, verdict, variant } = one;
  if (difference === null || low === null || high === null || verdict === "too-early")
    return `it is too early for ${variant}`;
  const told = differenceInWords({ difference, low, high }, verbs.unit);
  return `${variant} ${verbs[verdict]}: ${told}${verbs.where}`;
}

const ORDER = ["better", "worse", "undecided", "too-early"] as const;

function tooEarly(comparisons: readonly Comparison[], what: string): string {
  const needed = comparisons.map(({ visitorsNeeded }) => visitorsNeeded ?? null);
  const known = needed.filter((count) => count !== null);
  const more =
    known.length === needed.length
      ? `${what} needs about ${whole(Math.max(...known))} more visitors`
      : `nothing tells yet how many visitors ${what} needs`;
  return `too early: ${more}`;
}

/** What the comparisons of one goal come to, the decided ones first. */
function outcome(comparisons: readonly Comparison[], verbs: Verbs, what: string): string[] {
  if (comparisons.length === 0) return ["there is no other variant to compare"];
  if (isTooEarly(comparisons)) return [tooEarly(comparisons, what)];
  return comparisons
    .toSorted((a, b) => ORDER.indexOf(a.verdict) - ORDER.indexOf(b.verdict))
    .map((one) => compared(one, verbs));
}

/** Variants that fail more, which is told beside whatever a goal says. */
const failing = ({ failures }: Results): string[] =>
  failures.comparisons
    .filter(({ verdict }) => verdict === "worse")
    .map((one) => compared(one, OF_FAILURES));

function parts(data: ExperimentData, results: Results): string[] {
  if (data.identity !== "lasting") return [`no verdict possible: ${NO_VERDICT[data.identity]}`];
  if (!data.drawn)
    return ["no verdict possible: no draw says who gets what, so variants met different visitors"];
  if (standingOf(data, results) === "untrusted")
    return [
      `no winner: visitors are not split as drawn (${uneven(data, results)}); find out why first`,
    ];
  const first = crossovers(results);
  if (results.variants.every(({ visitors }) => visitors === 0))
    return [...first, "too early: no visitor was exposed yet"];
  const [goal] = results.goals;
  const concluded =
    goal === undefined
      ? [
          "no goal is declared",
          ...outcome(results.failures.comparisons, OF_FAILURES, "the share of failures"),
        ]
      : [...outcome(goal.comparisons, verbsOf(goal), goal.goal), ...failing(results)];
  const warned =
    results.srm.verdict === "warn" ? [`the split may be uneven (${uneven(data, results)})`] : [];
  return [...first, ...concluded, ...warned, ...daysToGo(data)];
}

/** The words that a person would use first: one sentence, small at its start, where a variant's name may stand. */
export function verdictOf(data: ExperimentData, results: Results): string {
  return `${parts(data, results).join("; ")}.`;
}
