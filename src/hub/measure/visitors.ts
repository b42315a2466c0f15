import type { Sql } from "../../lib/sql.ts";

/** What a visitor's row says of how they came to their variant. */
export const KINDS = { drawn: 0, older: 1, rule: 2 } as const;

export type Kind = (typeof KINDS)[keyof typeof KINDS];

/** A visitor of the sample: their first exposure, and what came of it while its allocation was in force. */
export interface Visitor {
  readonly allocation: number;
  readonly variant: string;
  readonly kind: Kind;
  /** ms since the epoch. */
  readonly firstSeen: number;
  /** Minutes with a failure: as many as are known to differ. */
  readonly failed: number;
  /** Minutes since the epoch; 0 without a failure. */
  readonly firstFailed: number;
  readonly lastFailed: number;
  /** Whether they met another variant under the same allocation. */
  readonly crossed: boolean;
}

type VisitorRow = {
  allocation: number;
  variant: string;
  kind: number;
  first_seen: number;
  failed: number;
  first_failed: number;
  last_failed: number;
  crossed: number;
};

const kindOf = (kind: number): Kind =>
  kind === KINDS.drawn || kind === KINDS.older ? kind : KINDS.rule;

/** No digest comes after this one. */
const LAST = "g";

/** Digests of the sample are below this text after so many halvings: as `sampleUnit` says, in the order of texts. */
export function belowOf(halvings: number): string {
  return halvings === 0
    ? LAST
    : Math.floor(2 ** (32 - halvings))
        .toString(16)
        .padStart(8, "0");
}

/** The rows of visitors, in the order of their digests. */
export class Visitors {
  readonly #sql: Sql;

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  get(experiment: number, digest: string): Visitor | undefined {
    const [row] = this.#sql
      .exec<VisitorRow>(
        `SELECT allocation, variant, kind, first_seen, failed, first_failed, last_failed, crossed
         FROM visitors WHERE experiment = ? AND digest = ?`,
        experiment,
        digest,
      )
      .toArray();
    return (
      row && {
        allocation: row.allocation,
        variant: row.variant,
        kind: kindOf(row.kind),
        firstSeen: row.first_seen,
        failed: row.failed,
        firstFailed: row.first_failed,
        lastFailed: row.last_failed,
        crossed: row.crossed === 1,
      }
    );
  }

  set(experiment: number, digest: string, visitor: Visitor): void {
    this.#sql.exec(
      `INSERT OR REPLACE INTO visitors (experiment, digest, allocation, variant, kind, first_seen,
         failed, first_failed, last_failed, crossed)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      experiment,
      digest,
      visitor.allocation,
      visitor.variant,
      visitor.kind,
      visitor.firstSeen,
      visitor.failed,
      visitor.firstFailed,
      visitor.lastFailed,
      Number(visitor.crossed),
    );
  }

  delete(experiment: number, digest: string): void {
    this.#sql.exec("DELETE FROM visitors WHERE experiment = ? AND digest = ?", experiment, digest);
  }

  /** Exposures by allocation and variant of visitors between two digests, the second one excluded. */
  drawn(experiment: number, from: string, below: string) {
    const query = `SELECT allocation, variant, count(*) AS n FROM visitors
                   WHERE experiment = ? AND digest >= ? AND digest < ? AND kind = 0
                   GROUP BY allocation, variant`;
    return this.#sql
      .exec<{ allocation: number; variant: string; n: number }>(query, experiment, from, below)
      .toArray();
  }

  /** Rows of the sample, those that no result counts too. */
  count(experiment: number, below: string): number {
    const query = "SELECT count(*) AS n FROM visitors WHERE experiment = ? AND digest < ?";
    return this.#sql.exec<{ n: number }>(query, experiment, below).toArray()[0]?.n ?? 0;
  }

  /** Deletes rows from a digest on, with all that their visitors reached; whether there may be more. */
  deleteFrom(experiment: number, from: string, most: number): boolean {
    let deleted = 0;
    for (const table of ["reached", "visitors"]) {
      const query = `DELETE FROM ${table} WHERE experiment = ? AND digest >= ? AND digest IN
                     (SELECT digest FROM ${table} WHERE experiment = ? AND digest >= ? LIMIT ?)
                     RETURNING 1 AS n`;
      const rows = this.#sql.exec(query, experiment, from, experiment, from, most).toArray();
      deleted = Math.max(deleted, rows.length);
    }
    return deleted >= most;
  }
}
