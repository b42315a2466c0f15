import type { routeMetrics, StatusPage } from "../../api/client/reads.ts";
import type { ExperimentResults, RouteResults } from "../../api/results.ts";

/** What the API answers, by the names that the output uses. */
export type { ExperimentResults, RouteResults };
export type RouteStatus = StatusPage["routes"][number];
export type ExperimentStatus = RouteStatus["experiments"][number];
export type RouteMetrics = Awaited<ReturnType<typeof routeMetrics>>;
export type MetricsPoint = RouteMetrics["series"][number]["points"][number];
export type GoalResult = ExperimentResults["goals"][number];
export type Comparison = GoalResult["comparisons"][number];
export type GuardStatus = NonNullable<ExperimentResults["guard"]>;
export type GuardCheckStatus = GuardStatus["checks"][number];
