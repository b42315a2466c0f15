import type { Sql } from "../../lib/sql.ts";
import type { AllocationReport } from "../../report/measured.ts";
import { Recent } from "../recent.ts";
import { addTo } from "./tally.ts";

/** An allocation as the hub keeps it. */
export interface Allocation extends AllocationReport {
  readonly number: number;
  /** When the hub's record of it begins (ms): the earliest that the first report of it told. */
  readonly since: number;
  /** Exposures by variant of visitors who have no row any more. */
  dropped: Readonly<Record<string, number>>;
}

/** From when (ms) an allocation was in force, by its id; "" where none was. Until the next one. */
export type Span = readonly [from: number, allocation: string];

/** An experiment as the hub keeps it. */
export interface Experiment {
  readonly id: number;
  readonly route: number;
  readonly name: string;
  halvings: number;
  /** The halvings whose visitors are deleted by now. */
  swept: number;
  /** ln of the most evidence that its shares are not what was drawn. */
  srmPeak: number;
  timeline: readonly Span[];
  /** Since when its node is in no policy (ms). */
  goneAt: number | undefined;
  /** By id. */
  readonly allocations: Map<string, Allocation>;
}

type ExperimentRow = {
  id: number;
  name: string;
  halvings: number;
  swept: number;
  srm_peak: number;
  timeline: string;
  gone_at: number | null;
};

type AllocationRow = {
  number: number;
  experiment: number;
  id: string;
  label: string;
  shares: string;
  since: number;
  dropped: string;
};

/** Routes whose experiments are kept in memory. */
const MAX_ROUTES = 512;

/** Spans that are remembered: a ramp of a hundred steps, edited a few times. */
const MAX_SPANS = 400;

/** The experiments of a shard and their allocations. Every method is synchronous. */
export class Experiments {
  readonly #sql: Sql;
  readonly #byRoute = new Recent<ReadonlyMap<string, Experiment>>(MAX_ROUTES);

  constructor(sql: Sql) {
    this.#sql = sql;
  }

  /** The experiments of a route, by name. */
  of(route: number): ReadonlyMap<string, Experiment> {
    const known = this.#byRoute.get(String(route));
    if (known !== undefined) return known;
    const rows = this.#sql
      .exec<ExperimentRow>("SELECT * FROM experiments WHERE route = ?", route)
      .toArray();
    const found = new Map(rows.map((row) => [row.name, this.#experimentOf(route, row)]));
    this.#byRoute.set(String(route), found);
    return found;
  }

  byId(id: number): Experiment | undefined {
    const [row] = this.#sql
      .exec<{ route: number; name: string }>("SELECT route, name FROM experiments WHERE id = ?", id)
      .toArray();
    return row && this.of(row.route).get(row.name);
  }

  #experimentOf(route: number, row: ExperimentRow): Experiment {
    const allocations = this.#sql
      .exec<AllocationRow>("SELECT * FROM allocations WHERE experiment = ?", row.id)
      .toArray();
    /* oxlint-disable typescript/no-unsafe-type-assertion -- nobody but this class writes these rows */
    return {
      id: row.id,
      route,
      name: row.name,
      halvings: row.halvings,
      swept: row.swept,
      srmPeak: row.srm_peak,
      timeline: JSON.parse(row.timeline) as Span[],
      goneAt: row.gone_at ?? undefined,
      allocations: new Map(
        allocations.map(({ number, id, label, shares, since, dropped }) => [
          id,
          {
            number,
            id,
            label,
            since,
            shares: JSON.parse(shares) as Record<string, number>,
            dropped: JSON.parse(dropped) as Record<string, number>,
          },
        ]),
      ),
    };
    /* oxlint-enable typescript/no-unsafe-type-assertion */
  }

  /** The experiment of a name, made where there is none. Inside a transaction. */
  make(route: number, name: string): Experiment | undefined {
    const known = this.of(route).get(name);
    if (known !== undefined) return known;
    this.#sql.exec(
      `INSERT INTO experiments (route, name, halvings, swept, srm_peak, timeline)
       VALUES (?, ?, 0, 0, 0, '[]')`,
      route,
      name,
    );
    this.#byRoute.delete(String(route));
    return this.of(route).get(name);
  }

  /** Takes an allocation that an experiment did not have. Inside a transaction. */
  addAllocation(
    experiment: Experiment,
    { id, label, shares }: AllocationReport,
    since: number,
  ): Allocation | undefined {
    const [row] = this.#sql
      .exec<{ number: number }>(
        `INSERT INTO allocations (experiment, id, label, shares, since, dropped)
         VALUES (?, ?, ?, ?, ?, '{}') RETURNING number`,
        experiment.id,
        id,
        label,
        JSON.stringify(shares),
        since,
      )
      .toArray();
    if (row === undefined) return undefined;
    const allocation: Allocation = { number: row.number, id, label, shares, since, dropped: {} };
    experiment.allocations.set(id, allocation);
    return allocation;
  }

  /** Writes what changed of an experiment. Inside a transaction. */
  save({ id, halvings, swept, srmPeak, timeline, goneAt }: Experiment): void {
    this.#sql.exec(
      `UPDATE experiments SET halvings = ?, swept = ?, srm_peak = ?, timeline = ?, gone_at = ?
       WHERE id = ?`,
      halvings,
      swept,
      srmPeak,
      JSON.stringify(timeline.slice(-MAX_SPANS)),
      goneAt ?? null,
      id,
    );
  }

  /** Counts exposures of visitors who have no row any more. Inside a transaction. */
  drop(allocation: Allocation, more: Readonly<Record<string, number>>): void {
    const dropped = new Map(Object.entries(allocation.dropped));
    for (const [variant, count] of Object.entries(more)) addTo(dropped, variant, count);
    allocation.dropped = Object.fromEntries(dropped);
    this.#sql.exec(
      "UPDATE allocations SET dropped = ? WHERE number = ?",
      JSON.stringify(allocation.dropped),
      allocation.number,
    );
  }

  /** Forgets an experiment and its allocations; its visitors are somebody else's. Inside a transaction. */
  delete({ id, route }: Experiment): void {
    this.#sql.exec("DELETE FROM allocations WHERE experiment = ?", id);
    this.#sql.exec("DELETE FROM experiments WHERE id = ?", id);
    this.#byRoute.delete(String(route));
  }

  /** After a transaction was rolled back, what it had made known is not. */
  forget(): void {
    this.#byRoute.clear();
  }
}
