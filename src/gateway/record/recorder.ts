import type { Facts } from "../../policy/facts.ts";
import type { RequestContext } from "../forward/forward.ts";
import type { Gateway } from "../gateway.ts";
import type { Later } from "../platform.ts";
import type { Done } from "./measure.ts";
import { record, recordForwarded } from "./record.ts";

/** A request, and the gateway that answered it. */
interface Asked extends Pick<RequestContext, "route" | "incoming"> {
  readonly gateway: Gateway;
  readonly facts: Facts;
  readonly later: Later;
}

/** Records a request that was answered: a row of its own, where it was forwarded or the policy has a word for what was done (`reason`), and what the hub hears. */
export function recordAnswer(
  { gateway, route, incoming, facts, later }: Asked,
  { status }: Response,
  done: Done,
  reason = "",
): void {
  const row = { route, incoming, facts, status, now: gateway.platform.now(), log: gateway.rowLog };
  if (reason !== "") record(gateway.metrics, row, { reason });
  else if (typeof done !== "string") recordForwarded(gateway, row, done.decision, done.upstream);
  gateway.routes.hub.count({ route, facts, status, done }, later);
}
