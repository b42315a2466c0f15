import { checkName, measured } from "../../stats/guard/words.ts";
import type { Io } from "../io.ts";
import { grouped } from "../text/bars.ts";
import { style } from "../text/style.ts";
import { table } from "../text/table.ts";
import { wrapped } from "../text/wrap.ts";
import { ageOf, guardWord, NONE, shortName, WIDTH } from "./figures.ts";
import type { GuardCheckStatus, GuardStatus } from "./shapes.ts";

const NAME_CHARS = 20;
const VARIANT_CHARS = 12;

const INDENT = "  ";

/** What a check looks at, its goal's name in as many characters as the table has. */
const shortCheckName = ({ goal, ...check }: GuardCheckStatus): string =>
  checkName(
    goal === undefined
      ? check
      : { ...check, goal: shortName(goal, NAME_CHARS - " vs. control".length) },
  );

/** The checks of a guard as a table. */
function checkTable(io: Io, checks: readonly GuardCheckStatus[]): string[] {
  const rows = checks.map((check) => [
    INDENT + shortCheckName(check),
    check.variant === null ? NONE : shortName(check.variant, VARIANT_CHARS),
    measured(check, check.value),
    measured(check, check.limit),
    grouped(check.visitors),
    guardWord(io, check.verdict),
  ]);
  return table(io, ["", "", "value", "limit", "visitors", ""], rows, new Set([2, 3, 4]));
}

/** A sentence as lines, the first of them less far to the right than the others. */
const told = (words: string): string[] =>
  wrapped(words, WIDTH - 2 * INDENT.length).map(
    (line, at) => (at === 0 ? INDENT : INDENT + INDENT) + line,
  );

/** What a guard waits for: a line for each check without a verdict. */
const missingLines = (checks: readonly GuardCheckStatus[]): string[] =>
  checks.flatMap((check) =>
    check.missing === undefined ? [] : told(`${shortCheckName(check)}: ${check.missing}`),
  );

/** Where a ramp stands whose steps are earned. */
function rampLines({ ramp }: GuardStatus): string[] {
  if (ramp === undefined) return [];
  const stands = `step ${ramp.step + 1} of ${ramp.steps} is earned`;
  return told(ramp.missing === null ? stands : `${stands}; the next one waits: ${ramp.missing}`);
}

/** What a guard did last, and why, unless its words have said so. */
function actedLines(io: Io, { acted, words }: GuardStatus, now: number): string[] {
  if (acted === undefined) return [];
  const { at, action, evidence } = acted;
  const did = `${action}, ${ageOf(at, now)} ago`;
  const [first = "", ...rest] = told(words.includes(evidence) ? did : `${did}: ${evidence}`);
  return [style(io, "bold", first), ...rest];
}

/** What there is to tell beside a guard's state and its figures. */
const furtherLines = (io: Io, guard: GuardStatus, now: number): string[] => [
  ...missingLines(guard.checks),
  ...rampLines(guard),
  ...actedLines(io, guard, now),
];

/** A guard in words: what it says, what it waits for, where its ramp stands, what it did last. */
export const guardLines = (io: Io, guard: GuardStatus, now: number): string[] => [
  ...told(guard.words),
  ...furtherLines(io, guard, now),
];

/** All that is known of a guard: its state, its words, its checks with their figures, and what else there is to tell. */
export const renderGuard = (io: Io, guard: GuardStatus, now: number): string[] => [
  `guard ${guardWord(io, guard.verdict)}`,
  ...told(guard.words),
  ...checkTable(io, guard.checks),
  ...furtherLines(io, guard, now),
];
