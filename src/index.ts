import type { Env } from "./config.ts";
import { administer } from "./control/plane.ts";
import { isReserved } from "./gateway/resolve/reserved.ts";
import edge, { gatewayOf, guarded } from "./edge.ts";
import { problem } from "./gateway/respond/problem.ts";

export { Hub } from "./hub/hub.ts";
export { Ledger } from "./ledger/ledger.ts";

export default {
  async fetch(request, env, ctx): Promise<Response> {
    if (!isReserved(request.url)) return edge.fetch(request, env, ctx);
    return guarded(request, async () => {
      const answer = await administer(request, env, ctx.access, gatewayOf(env).config);
      return answer ?? problem("route-not-found", request);
    });
  },
} satisfies ExportedHandler<Env>;
