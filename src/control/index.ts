import { env as startEnv } from "cloudflare:workers";

import { readControl, type ControlEnv } from "../config/control.ts";
import { administer } from "./plane.ts";

export { Hub } from "../hub/hub.ts";
export { Ledger } from "../ledger/ledger.ts";
export { HubReports } from "./hub-reports.ts";

// A bad var stops start-up rather than the first request.
readControl(startEnv);

/** The control plane, a Worker of its own: it answers for the API and for nothing else, and serves no tenant's page. */
export default {
  fetch: async (request, env, ctx) => administer(request, env, ctx.access),
} satisfies ExportedHandler<ControlEnv>;
