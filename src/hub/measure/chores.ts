import type { Sql } from "../../lib/sql.ts";
import type { HubStore } from "../store.ts";
import { keepTime } from "./apply.ts";
import type { Experiment, Experiments } from "./experiments.ts";
import type { GoalIds } from "./goal-ids.ts";
import type { MeasureLimits } from "./limits.ts";
import type { Policies } from "./policies.ts";
import { HOUR_MS, KEPT_HOURS, KEPT_MINUTES, MINUTE_MS } from "./ring.ts";
import type { Sample } from "./sample.ts";

/** What is too old is looked for so often (ms): once a day. */
const RETAINED_MS = 86_400_000;

/** An experiment is kept for so long (ms) after its node went from the policy: 90 days. */
export const KEPT_GONE_MS = 90 * RETAINED_MS;

/** Between two steps so much time is left for others (ms). */
const STEP_MS = 200;

/** Experiments that one step looks at: for each of them a policy may have to be read. */
const LOOKED_AT = 20;

/** What the chores work on. */
export interface ChoreContext {
  readonly store: HubStore;
  readonly policies: Policies;
  readonly experiments: Experiments;
  readonly sample: Sample;
  readonly limits: MeasureLimits;
}

/** Where the daily walk is: which table, and behind which row. */
interface Walk {
  readonly table: "experiments" | "guards" | "minutes" | "hours";
  readonly after: number;
}

/** What is deleted by and by, a slice for each alarm. Each step is one transaction, and may be repeated. */
export class Chores {
  readonly #sql: Sql;
  readonly #context: ChoreContext;
  readonly #ids: GoalIds;
  retainedAt: number;
  #walk: Walk | undefined;
  /** Whether samples may have rows above them, or ids be of generations that are over. */
  #sweeps: boolean;
  #steppedAt = Number.NEGATIVE_INFINITY;

  constructor(sql: Sql, context: ChoreContext, ids: GoalIds, retainedAt: number) {
    this.#sql = sql;
    this.#context = context;
    this.#ids = ids;
    this.retainedAt = retainedAt;
    this.#sweeps = this.#unswept() !== undefined || ids.hasOver;
  }

  /** Looks whether what was stored leaves something to delete. */
  look(): void {
    this.#sweeps ||= this.#context.sample.hasUnswept || this.#ids.hasOver;
  }

  #unswept(): number | undefined {
    const query = "SELECT id FROM experiments WHERE swept < halvings LIMIT 1";
    return this.#sql.exec<{ id: number }>(query).toArray()[0]?.id;
  }

  /** When the next step is due (ms). */
  dueAt(now: number): number {
    if (this.#sweeps || this.#walk !== undefined)
      return Math.max(now, Math.min(now, this.#steppedAt) + STEP_MS);
    return this.retainedAt + RETAINED_MS;
  }

  /** One slice of whatever is due. Inside a transaction. */
  step(now: number): void {
    this.#steppedAt = now;
    if (this.#sweeps) this.#sweeps = this.#sweep();
    else if (this.#walk !== undefined) this.#walk = this.#walked(this.#walk, now);
    else if (now >= this.retainedAt + RETAINED_MS) {
      this.retainedAt = now;
      this.#walk = { table: "experiments", after: 0 };
    }
  }

  #sweep(): boolean {
    const { experiments, sample, limits } = this.#context;
    const id = this.#unswept();
    const experiment = id === undefined ? undefined : experiments.byId(id);
    if (experiment !== undefined) {
      sample.sweep(experiment, limits.slice);
      return true;
    }
    sample.hasUnswept = false;
    return this.#ids.sweep(limits.slice);
  }

  #walked({ table, after }: Walk, now: number): Walk | undefined {
    switch (table) {
      case "experiments":
        return this.#experiments(after, now) ?? { table: "guards", after: 0 };
      case "guards":
        return this.#guards(after) ?? { table: "minutes", after: 0 };
      case "minutes": {
        const minute = Math.floor(now / MINUTE_MS) - KEPT_MINUTES;
        return this.#rows(table, after, minute) ?? { table: "hours", after: 0 };
      }
      case "hours":
        return this.#rows(table, after, Math.floor(now / HOUR_MS) - KEPT_HOURS);
      default:
        return table satisfies never;
    }
  }

  #experiments(after: number, now: number): Walk | undefined {
    const { store, experiments } = this.#context;
    const ids = this.#sql
      .exec<{ id: number }>(
        "SELECT id FROM experiments WHERE id > ? ORDER BY id LIMIT ?",
        after,
        LOOKED_AT,
      )
      .toArray();
    for (const { id } of ids) {
      const found = experiments.byId(id);
      if (found === undefined) continue;
      const key = store.headOf(found.route)?.head.key;
      if (key !== undefined) keepTime(key, this.#context, now);
      // Come again where a slice was not enough.
      if (this.#isOver(found, now) && this.#clear(found))
        return { table: "experiments", after: id - 1 };
    }
    const last = ids.at(-1);
    return last && { table: "experiments", after: last.id };
  }

  /** What guards remember of splits that are in no policy, and of which nothing else is kept either. */
  #guards(after: number): Walk | undefined {
    const { store, policies, experiments } = this.#context;
    const routes = this.#sql
      .exec<{ route: number }>(
        "SELECT DISTINCT route FROM guards WHERE route > ? ORDER BY route LIMIT ?",
        after,
        LOOKED_AT,
      )
      .toArray();
    for (const { route } of routes) {
      const head = store.headOf(route)?.head;
      const splits = head && policies.of(head).splits;
      const rows = this.#sql
        .exec<{ experiment: string }>("SELECT experiment FROM guards WHERE route = ?", route)
        .toArray();
      for (const { experiment } of rows)
        if (splits?.has(experiment) !== true && !experiments.of(route).has(experiment))
          this.#sql.exec(
            "DELETE FROM guards WHERE route = ? AND experiment = ?",
            route,
            experiment,
          );
    }
    const last = routes.at(-1);
    return last && { table: "guards", after: last.route };
  }

  #isOver({ goneAt }: Experiment, now: number): boolean {
    return goneAt !== undefined && now - goneAt >= KEPT_GONE_MS;
  }

  /** Deletes a slice of an experiment, in the end all that is left of it; whether there is more. */
  #clear(experiment: Experiment): boolean {
    const { experiments, sample, limits } = this.#context;
    if (sample.clear(experiment, limits.slice)) return true;
    experiments.delete(experiment);
    return false;
  }

  #rows(table: "minutes" | "hours", after: number, before: number): Walk | undefined {
    const column = table === "minutes" ? "minute" : "hour";
    const [{ last } = { last: null }] = this.#sql
      .exec<{ last: number | null }>(
        `SELECT max(id) AS last FROM (SELECT id FROM ${table} WHERE id > ? ORDER BY id LIMIT ?)`,
        after,
        this.#context.limits.slice,
      )
      .toArray();
    if (last === null) return undefined;
    this.#sql.exec(
      `DELETE FROM ${table} WHERE id > ? AND id <= ? AND ${column} < ?`,
      after,
      last,
      before,
    );
    return { table, after: last };
  }
}
