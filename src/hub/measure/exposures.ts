import { formatInstant } from "../../lib/instant-text.ts";
import type { Sql } from "../../lib/sql.ts";
import type { ExposureLine, ExposurePage } from "../../report/answers.ts";
import type { Experiment } from "./experiments.ts";
import { belowOf } from "./visitors.ts";

/** Lines of one page at most: some megabytes. */
const MAX_LINES = 10_000;

type Row = {
  digest: string;
  allocation: number;
  variant: string;
  first_seen: number;
  failed: number;
};
type ReachedRow = { digest: string; goal: string; count: number; value: number };

/** Where a page ends: the experiment's number, and the digest of its last line. */
const CURSOR = /^(\d{1,15}):([\da-f]{16})$/;

function positionOf(after: string | null) {
  const [, experiment = "0", digest = ""] = CURSOR.exec(after ?? "") ?? [];
  return { experiment: Number(experiment), digest };
}

function linesOf(sql: Sql, experiment: Experiment, after: string, most: number): ExposureLine[] {
  const { id, name, halvings, allocations } = experiment;
  const below = belowOf(halvings);
  const rows = sql
    .exec<Row>(
      `SELECT digest, allocation, variant, first_seen, failed FROM visitors
       WHERE experiment = ? AND digest > ? AND digest < ? AND kind = 0 ORDER BY digest LIMIT ?`,
      id,
      after,
      below,
      most,
    )
    .toArray();
  const last = rows.at(-1)?.digest ?? after;
  const reached = new Map<string, Record<string, { count: number; value: number }>>();
  const goals = sql.exec<ReachedRow>(
    "SELECT digest, goal, count, value FROM reached WHERE experiment = ? AND digest > ? AND digest <= ?",
    id,
    after,
    last,
  );
  for (const { digest, goal, count, value } of goals.toArray())
    reached.set(digest, { ...reached.get(digest), [goal]: { count, value } });
  const labels = new Map([...allocations.values()].map(({ number, label }) => [number, label]));
  return rows.map((row) => ({
    digest: row.digest,
    experiment: name,
    allocation: labels.get(row.allocation) ?? "",
    variant: row.variant,
    firstSeen: formatInstant(row.first_seen),
    failed: row.failed > 0,
    goals: reached.get(row.digest) ?? {},
  }));
}

/** A page of the visitors of a route's samples that are in results: by experiment, then by digest. */
export function exposuresOf(
  sql: Sql,
  experiments: Iterable<Experiment>,
  after: string | null,
  limit: number,
): ExposurePage {
  const from = positionOf(after);
  const most = Math.min(MAX_LINES, Math.max(1, limit));
  const lines: ExposureLine[] = [];
  for (const experiment of [...experiments].toSorted((one, other) => one.id - other.id)) {
    if (experiment.id < from.experiment) continue;
    const behind = experiment.id === from.experiment ? from.digest : "";
    lines.push(...linesOf(sql, experiment, behind, most - lines.length));
    const last = lines.at(-1);
    if (lines.length >= most && last !== undefined)
      return { lines, next: `${experiment.id}:${last.digest}` };
  }
  return { lines, next: null };
}
