import type {
  ExposurePage,
  GoalsTaken,
  MetricsQuery,
  PostedGoal,
  RouteMetrics,
  ShardTotals,
  StatusPage,
  StatusQuery,
} from "../../report/answers.ts";
import { covers } from "../../lib/scope.ts";
import type { ExperimentResults } from "../../stats/types.ts";
import { listPage } from "../list.ts";
import type { HubStore } from "../store.ts";

/** What one route has to conclude. */
export interface RouteResults {
  readonly route: string;
  readonly experiments: readonly ExperimentResults[];
}

const iso = (at: number): string => new Date(at).toISOString();

/** What a shard answers to questions about splits. Every method is synchronous. */
export class Answers {
  readonly #store: HubStore;
  readonly #now: () => number;

  constructor(store: HubStore, now: () => number) {
    this.#store = store;
    this.#now = now;
  }

  /** Series of a route; `undefined` where the shard never heard of it. */
  metrics(key: string, { window, step }: MetricsQuery): RouteMetrics | undefined {
    if (this.#store.head(key) === undefined) return undefined;
    const now = this.#now();
    return { route: key, from: iso(now - window * 1000), to: iso(now), step, series: [] };
  }

  results(key: string): RouteResults | undefined {
    return this.#store.head(key) && { route: key, experiments: [] };
  }

  exposures(key: string, _after: string | null, _limit: number): ExposurePage | undefined {
    return this.#store.head(key) && { lines: [], next: null };
  }

  /** Routes at a glance, in the order of their keys. */
  status({ prefix, after, limit }: StatusQuery): StatusPage {
    const { routes, upTo } = listPage(this.#store, { prefix, search: "", after, limit });
    return {
      routes: routes.map(({ key, version }) => ({
        route: key,
        version,
        reportedAt: null,
        drift: version === null,
        experiments: [],
      })),
      upTo: upTo ?? null,
    };
  }

  /** Totals of the routes that a scope covers. */
  totals(scope: readonly string[]): ShardTotals {
    const series: ShardTotals["series"] = [];
    return {
      series: series.filter(({ route }) => scope.some((pattern) => covers(pattern, route))),
      other: 0,
      reportedAt: {},
    };
  }

  takeGoals(key: string, goals: readonly PostedGoal[]): GoalsTaken | undefined {
    return this.#store.head(key) && { taken: 0, known: 0, unknown: goals.length };
  }

  forget(key: string, _digest: string): boolean {
    return this.#store.head(key) !== undefined && false;
  }
}
