import type { Config } from "../config.ts";
import { Health } from "./health.ts";
import { Overrides } from "./overrides.ts";
import { Hosts } from "./resolve.ts";
import { Routes, type ReadKeys } from "./routes.ts";
import type { Seams } from "./seams.ts";

/** What one isolate keeps between requests. */
export interface Gateway {
  readonly config: Config;
  readonly routes: Routes;
  readonly health: Health;
  readonly hosts: Hosts;
  readonly overrides: Overrides;
  readonly metrics: AnalyticsEngineDataset | undefined;
  readonly seams: Seams;
}

/** Makes the gateway of one environment. */
export function createGateway(
  config: Config,
  read: ReadKeys,
  metrics: AnalyticsEngineDataset | undefined,
  seams: Seams,
): Gateway {
  return {
    config,
    routes: new Routes({ ...config, read }, seams),
    health: new Health(),
    hosts: new Hosts(),
    overrides: new Overrides(config.overrideSecret),
    metrics,
    seams,
  };
}
