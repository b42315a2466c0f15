import { join } from "../lib/issue.ts";

/** One place where two policies differ. `from` is absent where it was added, `to` where it was removed. */
export interface Change {
  /** A JSON path; the items of a list whose items all have names stand under those: `$.variants.treatment.weight`. */
  readonly path: string;
  readonly from?: unknown;
  readonly to?: unknown;
}

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** A list as fields, where each item has a name of its own: its order then hides no change, and makes none. */
function byName(list: readonly unknown[]): Fields | undefined {
  const named = new Map<string, unknown>();
  for (const item of list) {
    if (!isFields(item) || typeof item["name"] !== "string" || named.has(item["name"]))
      return undefined;
    named.set(item["name"], item);
  }
  return Object.fromEntries(named);
}

function compareFields(from: Fields, to: Fields, path: string, changes: Change[]): void {
  for (const name of new Set([...Object.keys(from), ...Object.keys(to)])) {
    const at = join(path, name);
    if (!Object.hasOwn(to, name)) changes.push({ path: at, from: from[name] });
    else if (!Object.hasOwn(from, name)) changes.push({ path: at, to: to[name] });
    else compare(from[name], to[name], at, changes);
  }
}

function compareLists(
  from: readonly unknown[],
  to: readonly unknown[],
  path: string,
  changes: Change[],
): void {
  const [before, after] = [byName(from), byName(to)];
  const sameOrder =
    before !== undefined &&
    after !== undefined &&
    Object.keys(before)
      .filter((name) => Object.hasOwn(after, name))
      .join("\n") ===
      Object.keys(after)
        .filter((name) => Object.hasOwn(before, name))
        .join("\n");
  if (before !== undefined && after !== undefined && sameOrder) {
    return compareFields(before, after, path, changes);
  }
  for (let index = 0; index < Math.max(from.length, to.length); index += 1) {
    const at = join(path, index);
    if (index >= to.length) changes.push({ path: at, from: from[index] });
    else if (index >= from.length) changes.push({ path: at, to: to[index] });
    else compare(from[index], to[index], at, changes);
  }
}

function compare(from: unknown, to: unknown, path: string, changes: Change[]): void {
  if (isFields(from) && isFields(to)) compareFields(from, to, path, changes);
  else if (Array.isArray(from) && Array.isArray(to)) compareLists(from, to, path, changes);
  else if (!Object.is(from, to)) changes.push({ path, from, to });
}

/** What changes between two policies, as far as their JSON goes; empty where they say the same. Pure. */
export function diff(from: unknown, to: unknown): Change[] {
  const changes: Change[] = [];
  compare(from, to, "$", changes);
  return changes;
}
