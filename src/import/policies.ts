import type { Policy } from "../policy/schema.ts";
import { policyOf } from "./check.ts";
import { byPrecedence, type Entry, type Table } from "./entry.ts";
import type { LocatedReport } from "./report.ts";

/** What an import came to. */
export interface Imported {
  /** Policies by the key of their route; of refused objects nothing is in them. */
  readonly policies: Readonly<Record<string, Policy>>;
  readonly reports: readonly LocatedReport[];
  /** Backends that have no origin: name one for each, and import again. */
  readonly missing: readonly string[];
}

function byKey(table: Table): ReadonlyMap<string, readonly Entry[]> {
  const keys = new Map<string, Entry[]>();
  for (const [key, entries] of table) {
    const all = keys.get(key) ?? [];
    keys.set(key, all);
    for (const entry of entries) all.push(entry);
  }
  return keys;
}

/** Rounds in which only the objects are refused that are at fault; in later ones all objects of a policy that is not valid. */
const FINE_ROUNDS = 3;

/**
 * The policies of a table. An object that is at fault adds to none, so all are made anew without
 * it: what it had in common with others may be right then.
 */
export function policiesOf(tableOf: () => Table): Readonly<Record<string, Policy>> {
  for (let round = 1; ; round += 1) {
    const policies: (readonly [string, Policy])[] = [];
    let isWhole = true;
    for (const [key, entries] of byKey(tableOf())) {
      const left = entries.filter(({ owners }) => owners.every((one) => !one.isRefused));
      if (left.length === 0) continue;
      const policy = policyOf(byPrecedence(left));
      if (policy !== undefined) policies.push([key, policy]);
      else if (round > FINE_ROUNDS) refuseAll(left);
      isWhole &&= policy !== undefined;
    }
    if (isWhole) return Object.fromEntries(policies);
  }
}

function refuseAll(entries: readonly Entry[]): void {
  for (const rules of new Set(entries.map((one) => one.rules)))
    rules.error("makes no valid policy together with the other objects of its host");
}
