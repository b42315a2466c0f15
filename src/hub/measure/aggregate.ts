import type { Sql } from "../../lib/sql.ts";
import { own } from "../../stats/own.ts";
import { made } from "./tally.ts";
import { KINDS, type Visitor } from "./visitors.ts";

/** What visitors of one allocation and variant made of one goal. */
export interface GoalSum {
  conversions: number;
  sum: number;
  sumOfSquares: number;
  capped: number;
}

/** Visitors of one allocation and variant. */
export interface ArmSum {
  visitors: number;
  failed: number;
  crossed: number;
  readonly goals: Map<string, GoalSum>;
}

/** What one visitor made of one goal. */
export interface Reached {
  readonly count: number;
  readonly value: number;
}

/** Caps by goal, of those that have one. */
export type Caps = Readonly<Record<string, number>>;

const emptyArm = (): ArmSum => ({ visitors: 0, failed: 0, crossed: 0, goals: new Map() });
const emptyGoal = (): GoalSum => ({ conversions: 0, sum: 0, sumOfSquares: 0, capped: 0 });

/** What the visitors of one experiment come to, kept as they change. */
export class Aggregate {
  readonly caps: Caps;
  /** Only those who were first seen at this time (ms) or later. */
  readonly since: number;
  /** By number of the allocation, then by variant. */
  readonly arms = new Map<number, Map<string, ArmSum>>();
  byRule = 0;
  older = 0;

  constructor(caps: Caps, since = 0) {
    this.caps = caps;
    this.since = since;
  }

  arm(allocation: number, variant: string): ArmSum {
    return made(
      made(this.arms, allocation, () => new Map<string, ArmSum>()),
      variant,
      emptyArm,
    );
  }

  /** Counts a visitor, `times` 1, or takes one out that was counted, −1. */
  add(visitor: Visitor, times: 1 | -1): void {
    const { allocation, variant, kind, failed, crossed, firstSeen } = visitor;
    if (firstSeen < this.since) return;
    if (kind === KINDS.rule) this.byRule += times;
    if (kind === KINDS.older) this.older += times;
    if (kind !== KINDS.drawn) return;
    const arm = this.arm(allocation, variant);
    arm.visitors += times;
    if (failed > 0) arm.failed += times;
    if (crossed) arm.crossed += times;
  }

  /** Counts what a visitor made of a goal, `times` 1, or takes it out where it was counted, −1. */
  addReached(visitor: Visitor, goal: string, { value }: Reached, times: 1 | -1): void {
    if (visitor.kind !== KINDS.drawn || visitor.firstSeen < this.since) return;
    const { goals } = this.arm(visitor.allocation, visitor.variant);
    const sum = made(goals, goal, emptyGoal);
    const cap = own(this.caps, goal);
    const isCapped = cap !== undefined && value > cap;
    const counted = isCapped ? cap : value;
    sum.conversions += times;
    sum.sum += times * counted;
    sum.sumOfSquares += times * counted * counted;
    if (isCapped) sum.capped += times;
  }
}

type ArmRow = {
  allocation: number;
  variant: string;
  kind: number;
  n: number;
  failed: number;
  crossed: number;
};

type GoalRow = {
  allocation: number;
  variant: string;
  goal: string;
  n: number;
  total: number;
  squares: number;
  capped: number;
};

/** What the rows of an experiment's sample come to, of visitors who were first seen at a time or later. */
export function aggregated(
  sql: Sql,
  experiment: number,
  below: string,
  caps: Caps,
  since = 0,
): Aggregate {
  const aggregate = new Aggregate(caps, since);
  const visitors = `SELECT allocation, variant, kind, count(*) AS n, sum(failed > 0) AS failed,
                      sum(crossed) AS crossed
                    FROM visitors WHERE experiment = ? AND digest < ? AND first_seen >= ?
                    GROUP BY allocation, variant, kind`;
  for (const row of sql.exec<ArmRow>(visitors, experiment, below, since).toArray()) {
    if (row.kind === KINDS.rule) aggregate.byRule += row.n;
    if (row.kind === KINDS.older) aggregate.older += row.n;
    if (row.kind !== KINDS.drawn) continue;
    const arm = aggregate.arm(row.allocation, row.variant);
    arm.visitors = row.n;
    arm.failed = row.failed;
    arm.crossed = row.crossed;
  }
  const reached = `WITH caps AS (SELECT key AS goal, value AS cap FROM json_each(?))
                   SELECT v.allocation, v.variant, r.goal, count(*) AS n,
                     sum(min(r.value, coalesce(c.cap, r.value))) AS total,
                     sum(min(r.value, coalesce(c.cap, r.value)) * min(r.value, coalesce(c.cap, r.value))) AS squares,
                     sum(c.cap IS NOT NULL AND r.value > c.cap) AS capped
                   FROM reached r JOIN visitors v ON v.experiment = r.experiment AND v.digest = r.digest
                   LEFT JOIN caps c ON c.goal = r.goal
                   WHERE r.experiment = ? AND r.digest < ? AND v.kind = 0 AND v.first_seen >= ?
                   GROUP BY v.allocation, v.variant, r.goal`;
  const goals = sql
    .exec<GoalRow>(reached, JSON.stringify(caps), experiment, below, since)
    .toArray();
  for (const { allocation, variant, goal, n, total, squares, capped } of goals)
    aggregate
      .arm(allocation, variant)
      .goals.set(goal, { conversions: n, sum: total, sumOfSquares: squares, capped });
  return aggregate;
}
