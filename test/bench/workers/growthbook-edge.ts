/** GrowthBook's edge app as its documentation sets it up: the package's handler, and nothing else. */
import { handleRequest, type Env } from "@growthbook/edge-cloudflare";

export default {
  fetch: (request: Request, env: Env): Promise<Response> => handleRequest(request, env),
};
