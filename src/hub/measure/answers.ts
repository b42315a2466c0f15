import type {
  ExposurePage,
  GoalsTaken,
  GuardStatus,
  MetricsQuery,
  PostedGoal,
  RouteMetrics,
  RouteStatus,
  ShardTotals,
  StatusPage,
  StatusQuery,
} from "../../report/answers.ts";
import { resultsOf } from "../../stats/results.ts";
import type { ExperimentResults } from "../../stats/types.ts";
import { listPage } from "../list.ts";
import { dataOf, foundIn, recentOf } from "./data.ts";
import { exposuresOf } from "./exposures.ts";
import type { GuardStands } from "./guard-stands.ts";
import type { Measure } from "./measure.ts";
import { metricsOf } from "./metrics.ts";
import { figuresOf, newestOf, statusOf } from "./status.ts";
import { emptyRoute } from "./tally.ts";
import { totalsOf } from "./totals.ts";

/** What one route has to conclude. */
export interface RouteResults {
  readonly route: string;
  readonly experiments: readonly (ExperimentResults & { readonly guard: GuardStatus | null })[];
}

/**
 * Once a page of the status has taken so many figures it ends, and the next one goes on: some tens of milliseconds, in
 * which reports wait. Some two hundred canaries have so many, or one route of sixty-four variants and sixteen goals.
 */
export const MAX_FIGURES_PER_PAGE = 1000;

/** What a shard answers to questions about splits. Every method is synchronous. */
export class Answers {
  readonly #measure: Measure;
  readonly #guards: GuardStands;
  readonly #now: () => number;

  constructor(measure: Measure, guards: GuardStands, now: () => number) {
    this.#measure = measure;
    this.#guards = guards;
    this.#now = now;
  }

  /** Series of a route; `undefined` where the shard never heard of it. */
  metrics(key: string, query: MetricsQuery): RouteMetrics | undefined {
    const { store, routes } = this.#measure;
    const head = store.head(key);
    if (head === undefined) return undefined;
    const now = this.#now();
    return {
      ...metricsOf(key, routes.get(key), query, now),
      ...newestOf(this.#measure, head, now),
    };
  }

  /** Experiments of a route: those of its policy, and those that were and had visitors. */
  results(key: string): RouteResults | undefined {
    const { store, routes, policies, experiments } = this.#measure;
    const [head, id] = [store.head(key), store.idOf(key)];
    if (head === undefined || id === undefined) return undefined;
    const names = policies.of(head);
    const now = this.#now();
    const context = {
      measure: this.#measure,
      names,
      totals: routes.get(key)?.totals() ?? emptyRoute(),
      recent: recentOf(this.#measure, key, now),
      now,
    };
    const found = foundIn(names, experiments.of(id));
    return {
      route: key,
      experiments: found.map((one) => ({
        ...resultsOf(dataOf(one, context)),
        guard: this.#guards.of(key, one.name),
      })),
    };
  }

  exposures(key: string, after: string | null, limit: number): ExposurePage | undefined {
    const { sql, store, experiments } = this.#measure;
    const id = store.idOf(key);
    if (id === undefined) return undefined;
    return exposuresOf(sql, experiments.of(id).values(), after, limit);
  }

  /** Routes at a glance, in the order of their keys, as far as {@link MAX_FIGURES_PER_PAGE} go. */
  status({ prefix, after, limit }: StatusQuery): StatusPage {
    const { store } = this.#measure;
    const { routes: listed, upTo } = listPage(store, { prefix, search: "", after, limit });
    const now = this.#now();
    const routes: RouteStatus[] = [];
    let figures = 0;
    for (const route of listed) {
      if (figures >= MAX_FIGURES_PER_PAGE) return { routes, upTo: routes.at(-1)?.route ?? null };
      routes.push(statusOf(this.#measure, this.#guards, route, now));
      figures += figuresOf(this.#measure, route.key);
    }
    return { routes, upTo: upTo ?? null };
  }

  /** Totals of the routes that a scope covers. */
  totals(scope: readonly string[]): ShardTotals {
    return totalsOf(this.#measure, this.#guards, scope, this.#now());
  }

  takeGoals(key: string, goals: readonly PostedGoal[]): GoalsTaken | undefined {
    return this.#measure.takeGoals(key, goals, this.#now());
  }

  forget(key: string, digest: string): boolean {
    return this.#measure.forget(key, digest);
  }
}
