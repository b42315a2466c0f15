import { MAX_ECHO_CHARS, MAX_ANSWER_CHARS } from "../api/limits.ts";
import { shorten } from "../lib/shorten.ts";
import type { Change } from "../policy/diff.ts";
import type { Plan } from "../preview/plan.ts";
import type { PathPreview } from "../preview/preview-path.ts";

/** Shares or moves listed for one path: the most frequent come first, and the rest helps nobody. */
const MAX_SHARES = 20;

/** A value as an answer repeats it: whole, or the beginning of its JSON text where that is long. */
function shown(value: unknown): unknown {
  const text = JSON.stringify(value) ?? "";
  return text.length <= MAX_ECHO_CHARS ? value : shorten(text, MAX_ECHO_CHARS);
}

function shownChange({ path, ...change }: Change): Change {
  return {
    path: shorten(path, MAX_ECHO_CHARS),
    ...("from" in change ? { from: shown(change.from) } : {}),
    ...("to" in change ? { to: shown(change.to) } : {}),
  };
}

type Share = PathPreview["before"][number];
type Place = Share["at"];

const shownPlace = (at: Place): Place =>
  at && { variant: at.variant, origin: shorten(at.origin, MAX_ECHO_CHARS) };

const shownShare = (share: Share): Share => ({ ...share, at: shownPlace(share.at) });

/** What of a list fits into so many characters of JSON, and how many those are. */
function fitting<T>(
  list: readonly T[],
  room: number,
): { readonly items: T[]; readonly chars: number } {
  const items: T[] = [];
  let chars = 0;
  for (const item of list) {
    const more = JSON.stringify(item).length;
    if (chars + more > room) break;
    chars += more;
    items.push(item);
  }
  return { items, chars };
}

/** Changes as an answer lists them: each value cut, and of all of them what fits. */
export function boundedChanges(
  changes: readonly Change[],
  leftOut: number,
): { readonly changes: readonly Change[]; readonly changesLeftOut: number } {
  const { items } = fitting(changes.map(shownChange), MAX_ANSWER_CHARS / 2);
  return { changes: items, changesLeftOut: leftOut + changes.length - items.length };
}

/** A plan as an answer tells it: half of the room for the changes, half for the paths; what is left out is counted. */
export function boundedPlan(plan: Plan): Plan {
  const paths = plan.paths.map((one) => ({
    ...one,
    path: shorten(one.path, MAX_ECHO_CHARS),
    before: one.before.slice(0, MAX_SHARES).map(shownShare),
    after: one.after.slice(0, MAX_SHARES).map(shownShare),
    moves: one.moves
      .slice(0, MAX_SHARES)
      .map((move) => ({ ...move, from: shownPlace(move.from), to: shownPlace(move.to) })),
  }));
  const { items } = fitting(paths, MAX_ANSWER_CHARS / 2);
  return {
    ...plan,
    ...boundedChanges(plan.changes, plan.changesLeftOut),
    paths: items,
    pathsLeftOut: plan.pathsLeftOut + paths.length - items.length,
  };
}
