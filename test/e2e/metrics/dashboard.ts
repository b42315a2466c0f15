import { readFile } from "node:fs/promises";
import { join } from "node:path";
import * as v from "valibot";

const Dashboard = v.object({
  panels: v.array(
    v.object({ title: v.string(), targets: v.array(v.object({ expr: v.string() })) }),
  ),
  templating: v.object({
    list: v.array(v.object({ name: v.string(), definition: v.optional(v.string()) })),
  }),
});

/** One query of the dashboard, as Grafana sends it. */
export interface DashboardQuery {
  readonly panel: string;
  readonly text: string;
}

/** The queries of the dashboard in docs, of all routes and with a rate over ten seconds. */
export async function dashboardQueries(): Promise<DashboardQuery[]> {
  const file = join(import.meta.dirname, "../../../docs/examples/grafana/switchyard.json");
  const { panels } = v.parse(Dashboard, JSON.parse(await readFile(file, "utf8")));
  return panels.flatMap(({ title, targets }) =>
    targets.map(({ expr }) => ({
      panel: title,
      text: expr.replaceAll("$route", ".*").replaceAll("$__rate_interval", "10s"),
    })),
  );
}
