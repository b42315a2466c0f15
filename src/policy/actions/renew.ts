import { formatInstant } from "../../lib/instant-text.ts";
import { strictObject } from "../../lib/strict-object.ts";
import { MAX_HOLD_SECONDS } from "../limits.ts";
import { whole } from "../values.ts";
import { done, type ActionDefinition } from "./definition.ts";
import { node, type Node } from "./node.ts";

/** A canary's lease lasts so long from now on. */
export const renew: ActionDefinition<"canary", Node & { seconds: number }> = {
  fits: "canary",
  parameters: strictObject({ node, seconds: whole(1, MAX_HOLD_SECONDS, 7200) }, "renewal"),
  act: (policy, { seconds }, { now }) =>
    done({ ...policy, lease: { until: formatInstant(now + seconds * 1000) } }),
};
