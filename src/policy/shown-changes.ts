import { shorten } from "../lib/shorten.ts";
import type { Change } from "./diff.ts";

/** Changes listed in one answer: past this a list helps nobody. */
export const MAX_CHANGES = 200;

/** Characters of a changed value's JSON that are shown: less than 1 KB, even where each is an escape. */
export const MAX_VALUE_CHARS = 128;

/** Bytes of all changes listed in one answer, as JSON: with all that stands beside them, a plan has 64 KB at most. */
export const MAX_CHANGES_BYTES = 26_000;

/** A list of changes that is short enough to be read, and how many more there are. */
export interface ShownChanges {
  readonly shown: readonly Change[];
  readonly leftOut: number;
}

/** A value as it is, or the beginning of its JSON where that is long. */
function shortened(value: unknown): unknown {
  const text = JSON.stringify(value);
  return text === undefined || text.length <= MAX_VALUE_CHARS
    ? value
    : shorten(text, MAX_VALUE_CHARS);
}

/**
 * The first changes, {@link MAX_CHANGES} and {@link MAX_CHANGES_BYTES} of them at most but always
 * one; in place of a long value stands the beginning of its JSON, as text.
 */
export function shownChanges(changes: readonly Change[]): ShownChanges {
  const encoder = new TextEncoder();
  const shown: Change[] = [];
  let bytes = 0;
  for (const change of changes.slice(0, MAX_CHANGES)) {
    const one = {
      path: change.path,
      ...("from" in change ? { from: shortened(change.from) } : {}),
      ...("to" in change ? { to: shortened(change.to) } : {}),
    };
    bytes += encoder.encode(JSON.stringify(one)).length;
    if (bytes > MAX_CHANGES_BYTES && shown.length > 0) break;
    shown.push(one);
  }
  return { shown, leftOut: changes.length - shown.length };
}
