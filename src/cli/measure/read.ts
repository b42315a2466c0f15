import type { Client } from "../../api/client/ask.ts";
import { routeMetrics, routeResults, status, type StatusPage } from "../../api/client/reads.ts";
import { Failure } from "../failure.ts";
import { HUB_FIX } from "../server.ts";
import { METRICS_ASKED } from "./minutes.ts";
import type { RouteFigures } from "./route.ts";

/** The page of the status that has one route, and nothing else. Throws where there is no such route, and where nobody can say. */
export async function statusOf(client: Client, key: string): Promise<StatusPage> {
  // In order, a key comes before every longer one that begins with it.
  for await (const page of status(client, { prefix: key, limit: 1 })) {
    if (page.routes.some(({ route }) => route === key)) return page;
    if (page.unreachable.length > 0)
      throw new Failure("The part of the hub that keeps this route does not answer", HUB_FIX, {
        code: "hub-unavailable",
      });
    if (page.routes.length > 0) break;
  }
  throw new Failure("There is no such route", "see sy list for the routes there are", {
    code: "route-not-found",
  });
}

/** All that is known of a route now. */
export async function readRouteFigures(client: Client, key: string): Promise<RouteFigures> {
  const [page, results, metrics] = await Promise.all([
    statusOf(client, key),
    routeResults(client, key),
    routeMetrics(client, key, METRICS_ASKED),
  ]);
  const [found] = page.routes;
  // `statusOf` gives a page with this route alone.
  return { at: page.at, status: found as RouteFigures["status"], results, metrics };
}
