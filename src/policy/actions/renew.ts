import * as v from "valibot";

import { formatInstant, millis } from "../../lib/instant-text.ts";
import { strictObject } from "../../lib/strict-object.ts";
import { MAX_HOLD_SECONDS } from "../limits.ts";
import { FlagSchema, whole } from "../values.ts";
import { done, refuse, type ActionDefinition } from "./definition.ts";
import { node, type Node } from "./node.ts";

type Parameters = Node & { seconds: number; shorten?: boolean };

/** A canary's lease lasts so long from now on. One that would end earlier than the present lease is refused, unless it is asked for. */
export const renew: ActionDefinition<"canary", Parameters> = {
  fits: "canary",
  parameters: strictObject(
    {
      node,
      seconds: whole(1, MAX_HOLD_SECONDS, 7200),
      shorten: v.exactOptional(FlagSchema),
    },
    "renewal",
  ),
  act(policy, { seconds, shorten = false }, { now }) {
    const end = now + seconds * 1000;
    const { lease } = policy;
    if (lease !== undefined && end < millis(lease.until) && !shorten)
      return refuse(
        `the lease holds until ${formatInstant(millis(lease.until))}, and would end earlier`,
        'say a longer time, or "shorten": true',
      );
    return done({ ...policy, lease: { until: formatInstant(end) } });
  },
};
