import type { Plan } from "../../preview/plan.ts";
import type { PathPreview } from "../../preview/preview-path.ts";
import type { LaterMoves } from "../../preview/later-moves.ts";
import type { Change } from "../../policy/diff.ts";
import type { Io } from "../io.ts";
import { named, percent } from "./bars.ts";
import { style } from "./style.ts";

/** Characters of a value in a list of changes: past this a line is no longer read. */
const MAX_VALUE_CHARS = 60;

function value(of: unknown): string {
  const text = JSON.stringify(of) ?? "nothing";
  return text.length > MAX_VALUE_CHARS ? `${text.slice(0, MAX_VALUE_CHARS - 1)}…` : text;
}

/** One change: `+` added, `-` removed, `~` another value. */
export function renderChange(io: Io, { path, ...change }: Change): string {
  if (!("from" in change)) return style(io, "green", `+ ${path}: ${value(change.to)}`);
  if (!("to" in change)) return style(io, "red", `- ${path}: ${value(change.from)}`);
  return style(io, "yellow", `~ ${path}: ${value(change.from)} → ${value(change.to)}`);
}

function renderPath(preview: PathPreview): string[] {
  const { path, visitors, moved, reshuffled, moves } = preview;
  const share = `${path}  ${percent(moved / visitors)} of visitors move`;
  const drawnAnew = reshuffled === 0 ? "" : `, ${percent(reshuffled / visitors)} drawn anew`;
  const lines = moves.map(
    (move) => `    ${named(move.from)} → ${named(move.to)}  ${percent(move.visitors / visitors)}`,
  );
  return [`  ${share}${drawnAnew}`, ...lines];
}

/** One instant to come: the share that has moved by then, and where to. */
function renderLater({ at, path, visitors, moved, moves }: LaterMoves): string {
  const to = moves.map(
    (move) => `${named(move.from)} → ${named(move.to)} ${percent(move.visitors / visitors)}`,
  );
  const where = to.length === 0 ? "" : `: ${to.join(", ")}`;
  return `  ${path}  by ${at} ${percent(moved / visitors)} have moved${where}`;
}

/** What a change does: each place that differs, then who moves. */
export function renderPlan(io: Io, plan: Plan): string[] {
  const left = (count: number, what: string) =>
    count === 0 ? [] : [`  … and ${count} more ${what}`];
  return [
    ...plan.changes.map((change) => `  ${renderChange(io, change)}`),
    ...left(plan.changesLeftOut, "changes"),
    ...plan.paths.flatMap(renderPath),
    ...plan.later.map(renderLater),
    ...left(plan.laterLeftOut, "instants"),
    ...left(plan.pathsLeftOut, "branches"),
  ];
}
