import type { GuardCheck } from "../../lib/guard.ts";
import type { Sql } from "../../lib/sql.ts";
import type { OrderedAction } from "../../report/guard.ts";
import type { Head } from "../head.ts";

/** A check of a guard, as it is remembered. */
export const checkName = (check: GuardCheck): string => JSON.stringify(check);

/** What the guard of a split remembers. Fields are only ever added. */
export interface GuardState {
  /** Visitors first seen at this time (ms) or later are of this roll-out; 0 for all that there ever were. */
  readonly since: number;
  /** What it took back last in this roll-out. */
  readonly acted?: DoneAction;
  /** Checks of which somebody was told, with the version that they were told of. */
  readonly alerted?: { readonly version: number; readonly checks: readonly string[] };
  /** What a ledger refused to do with a version. */
  readonly refused?: {
    readonly version: number;
    /** When that was accepted, or ordered to KV anew since (ms). */
    readonly at?: number;
    readonly kind: OrderedAction["kind"];
    readonly reason: string;
  };
  /** A version of which a ledger says that there is a newer one. */
  readonly outdated?: number;
  /** Whether it paused for a split that does not divide as it should: that evidence stays for good, and is acted on once. */
  readonly srmActed?: boolean;
  /** Whether its roll-out is over: nobody was drawn for another variant. The next one begins anew. */
  readonly over?: boolean;
  /** The step of a ramp that it granted last. */
  readonly granted?: { readonly step: number; readonly at: number };
}

/** What a guard did. */
export interface DoneAction {
  /** The version that says so. */
  readonly version: number;
  /** ms since the epoch. */
  readonly at: number;
  readonly action: OrderedAction["kind"];
  readonly evidence: string;
  /** The checks that were breached. */
  readonly checks: readonly string[];
}

/** What a ledger refused to do with a version as it is: once that is ordered to KV anew, it may be asked again. */
export const refusedOf = (
  { refused }: GuardState,
  { version, at }: Pick<Head, "version" | "at">,
): GuardState["refused"] =>
  refused?.version === version && (refused.at ?? at) === at ? refused : undefined;

/** Of a guard that nothing is remembered of. */
export const FRESH: GuardState = { since: 0 };

/** What the guards of a shard remember. Every method is synchronous. */
export class GuardStates {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  of(route: number, experiment: string): GuardState {
    const [row] = this.#sql
      .exec<{ state: string }>(
        "SELECT state FROM guards WHERE route = ? AND experiment = ?",
        route,
        experiment,
      )
      .toArray();
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- nobody but this class writes these rows
    return row === undefined ? FRESH : (JSON.parse(row.state) as GuardState);
  }

  /** Inside a transaction. */
  set(route: number, experiment: string, state: GuardState): void {
    this.#sql.exec(
      "INSERT OR REPLACE INTO guards (route, experiment, state) VALUES (?, ?, ?)",
      route,
      experiment,
      JSON.stringify(state),
    );
  }
}
