import { readSplit, type ReadVisitors } from "./decode-split.ts";
import { isCount, isFields, isText, type Fields } from "./fields.ts";
import { MAX_REPORTED_WATCHED, type WatchedVisitor } from "./guard.ts";
import {
  MAX_GOAL_ID_CHARS,
  MAX_REPORTED_GOALS,
  MAX_REPORTED_SPLITS,
  MAX_REPORTED_VISITORS,
  type GoalReport,
  type MeasuredRoute,
  type UnattributedGoals,
  type VisitorReport,
} from "./measured.ts";
import { listReader, readCounts, type ReadList } from "./read-list.ts";
import { isDigest, MAX_COUNT, MAX_EXPERIMENT_CHARS, MAX_SHORT_NAME_CHARS } from "./wire-limits.ts";

/** Ways for a request to end at the gateway that one report may tell apart: its problems are fewer. */
const MAX_ENDS = 64;

/** Goals of nobody that one report may tell of, for each split. */
const MAX_UNATTRIBUTED = 16;

/** Reads what an entry of `routes` tells of its splits. */
export type ReadMeasured = (key: string, value: Fields) => MeasuredRoute;

function goalOf(one: unknown): GoalReport | undefined {
  if (!isFields(one)) return undefined;
  const { goal, digest, at, value, id } = one;
  if (!isText(goal, MAX_SHORT_NAME_CHARS) || !isDigest(digest) || !isCount(at)) return undefined;
  const isValue = typeof value === "number" && Number.isFinite(value) && value >= 0;
  if (value !== undefined && !isValue) return undefined;
  if (id !== undefined && !isText(id, MAX_GOAL_ID_CHARS)) return undefined;
  return {
    goal,
    digest,
    at,
    ...(isValue ? { value } : {}),
    ...(id === undefined ? {} : { id }),
  };
}

function unattributedOf(one: unknown): UnattributedGoals | undefined {
  if (!isFields(one)) return undefined;
  const { experiment, goal, count } = one;
  if (!isText(experiment, MAX_EXPERIMENT_CHARS) || !isText(goal, MAX_SHORT_NAME_CHARS))
    return undefined;
  return isCount(count) && count <= MAX_COUNT ? { experiment, goal, count } : undefined;
}

/** A reader of lists that together have so many entries. */
function within<TVisitor>(list: ReadList, most: number): ReadVisitors<TVisitor> {
  let left = most;
  return (value, what, read) => {
    const found = list(value, left, what, read);
    left -= found.length;
    return found;
  };
}

/**
 * Reads what the routes of one report tell of their splits, within the limits of the wire: visitors
 * and goals are limited over all of its routes. Why something was left out is added to `faults`.
 */
export function measuredReader(faults: string[]): ReadMeasured {
  const list = listReader(faults);
  const visitors = {
    visitors: within<VisitorReport>(list, MAX_REPORTED_VISITORS),
    watched: within<WatchedVisitor>(list, MAX_REPORTED_WATCHED),
  };
  let goalsLeft = MAX_REPORTED_GOALS;
  return (key, { splits, ends, goals, unattributed }) => {
    const at = `"${key}"`;
    const found = list(splits, MAX_REPORTED_SPLITS, `splits of ${at}`, (one) =>
      readSplit(one, list, visitors),
    );
    const reached = list(goals, goalsLeft, `goals of ${at}`, goalOf);
    goalsLeft -= reached.length;
    const most = MAX_REPORTED_SPLITS * MAX_UNATTRIBUTED;
    const nobodys = list(unattributed, most, `unattributed of ${at}`, unattributedOf);
    const counts = readCounts(ends, MAX_ENDS);
    return {
      ...(found.length > 0 && { splits: found }),
      ...(Object.keys(counts).length > 0 && { ends: counts }),
      ...(reached.length > 0 && { goals: reached }),
      ...(nobodys.length > 0 && { unattributed: nobodys }),
    };
  };
}
