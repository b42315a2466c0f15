import type { Config } from "../config/gateway.ts";
import { EdgeCache, type OpenCache } from "./cache/edge-cache.ts";
import { Health } from "./forward/health.ts";
import { RetryBudgets } from "./forward/retry-budget.ts";
import { Overrides } from "./decide-facts/overrides.ts";
import { Hosts } from "./resolve/hosts.ts";
import { Allocations } from "./record/allocations.ts";
import { noKeyLog } from "./record/no-key.ts";
import { rareLog } from "./record/rare-log.ts";
import { PolicyCache, type Sources } from "./load/policy-cache.ts";
import type { HubWire } from "../report/wire.ts";
import type { Platform } from "./platform.ts";

declare global {
  namespace Cloudflare {
    interface GatewayEnv {
      /** Optional: what isolates report to. Where it rejects there is no hub, and KV alone says what is newest. */
      readonly HUB?: HubWire;
    }
  }
}

/** What one isolate keeps between requests. */
export interface Gateway {
  readonly config: Config;
  readonly routes: PolicyCache;
  readonly edge: EdgeCache;
  readonly health: Health;
  readonly budgets: RetryBudgets;
  readonly hosts: Hosts;
  readonly overrides: Overrides;
  readonly metrics: AnalyticsEngineDataset | undefined;
  readonly allocations: Allocations;
  /** For rows that cannot be written, which every request would tell of. */
  readonly rowLog: Platform["log"];
  /** Says that visitors are not counted; nothing where they are. */
  readonly tellNoKey: (() => void) | undefined;
  readonly platform: Platform;
}

/** Where there is no Cache API. */
const nowhere: OpenCache = () => Promise.reject(new Error("there is no cache"));

/** Makes the gateway of one environment. */
export function createGateway(
  config: Config,
  sources: Sources & { readonly openEdge?: OpenCache },
  metrics: AnalyticsEngineDataset | undefined,
  platform: Platform,
): Gateway {
  return {
    config,
    routes: new PolicyCache(sources, config, platform),
    edge: new EdgeCache(sources.openEdge ?? nowhere, platform),
    health: new Health(),
    budgets: new RetryBudgets(),
    hosts: new Hosts(),
    overrides: new Overrides(config),
    metrics,
    allocations: new Allocations(),
    rowLog: rareLog(platform),
    tellNoKey: config.visitorKey === undefined ? noKeyLog(platform) : undefined,
    platform,
  };
}
