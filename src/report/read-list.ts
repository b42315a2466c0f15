import { isReservedName } from "../lib/reserved-names.ts";
import { isCount, isFields } from "./fields.ts";
import { MAX_COUNT, MAX_SHORT_NAME_CHARS } from "./wire-limits.ts";

/** Reasons that are remembered of one report. */
const MAX_FAULTS = 5;

/** What a list holds, as far as it can be read; why the rest cannot. */
export type ReadList = <T>(
  value: unknown,
  most: number,
  what: string,
  read: (one: unknown) => T | undefined,
) => T[];

/** A reader of lists; why something was left out is added to `faults`. */
export function listReader(faults: string[]): ReadList {
  const fault = (reason: string) => {
    if (faults.length < MAX_FAULTS) faults.push(reason);
  };
  return (value, most, what, read) => {
    if (value === undefined) return [];
    if (!Array.isArray(value)) {
      fault(`${what} is not a list`);
      return [];
    }
    if (value.length > most) fault(`${what} has more than ${most} entries`);
    const kept = [];
    for (const [index, one] of value.slice(0, most).entries()) {
      const entry = read(one);
      if (entry === undefined) fault(`${what}[${index}] cannot be read`);
      else kept.push(entry);
    }
    return kept;
  };
}

/** Counts by name, as far as they are ones. */
export function readCounts(value: unknown, most: number): Record<string, number> {
  const counts: Record<string, number> = {};
  if (!isFields(value)) return counts;
  let left = most;
  for (const name in value) {
    if (left === 0) break;
    left -= 1;
    const count = value[name];
    const isKept = name.length <= MAX_SHORT_NAME_CHARS && !isReservedName(name);
    if (isKept && isCount(count) && count <= MAX_COUNT) counts[name] = count;
  }
  return counts;
}
