import type { AuditLog } from "../../../api/audit.ts";

/** One thing that was done to a route. */
export interface Entry {
  readonly id: number;
  readonly at: string;
  readonly actor: string;
  readonly action: string;
  readonly version: number;
  readonly note: string;
  readonly detail: string;
  /** Whether it made the version, rather than did something with one that was there. */
  readonly makes: boolean;
}

/** What was done on one day of the reader's clock, the newest first. */
export interface Day {
  readonly title: string;
  readonly entries: readonly Entry[];
}

/** All that is known, the newest first: pages may overlap, where something was done in between. */
export function entriesOf(pages: readonly AuditLog[]): readonly Entry[] {
  const known = new Map(pages.flatMap(({ entries }) => entries).map((one) => [one.id, one]));
  const oldestFirst = [...known.values()].toSorted((one, other) => one.id - other.id);
  const made = new Set<number>();
  const told = oldestFirst.map((entry): Entry => {
    const makes = !made.has(entry.version);
    made.add(entry.version);
    return { ...entry, makes };
  });
  return told.toReversed();
}

const DAY = new Intl.DateTimeFormat(undefined, { dateStyle: "full" });

const dayOf = (at: Date): string => at.toDateString();

function titleOf(at: Date, now: number): string {
  const yesterday = new Date(now);
  yesterday.setDate(yesterday.getDate() - 1);
  if (dayOf(at) === dayOf(new Date(now))) return `Today, ${DAY.format(at)}`;
  return dayOf(at) === dayOf(yesterday) ? `Yesterday, ${DAY.format(at)}` : DAY.format(at);
}

/** Entries by day, in the order that they are in. */
export function daysOf(entries: readonly Entry[], now: number): readonly Day[] {
  const days = new Map<string, Entry[]>();
  for (const entry of entries) {
    const title = titleOf(new Date(entry.at), now);
    const day = days.get(title) ?? [];
    days.set(title, [...day, entry]);
  }
  return [...days].map(([title, ofDay]) => ({ title, entries: ofDay }));
}

/** The versions that two may be chosen from, the newest first. */
export const versionsOf = (entries: readonly Entry[]): readonly number[] =>
  [...new Set(entries.map(({ version }) => version))].toSorted((one, other) => other - one);

/** Which versions an address compares; `undefined` where it does not. */
export function comparedIn(
  query: Readonly<Record<string, string>>,
): { readonly from: number; readonly to: number } | undefined {
  const [from, to] = [Number(query["from"]), Number(query["to"])];
  const isVersion = (value: number, least: number) => Number.isSafeInteger(value) && value >= least;
  return query["from"] !== undefined && isVersion(from, 0) && isVersion(to, 1)
    ? { from, to }
    : undefined;
}
