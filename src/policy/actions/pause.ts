import { formatInstant } from "../../lib/instant-text.ts";
import { strictObject } from "../../lib/strict-object.ts";
import { done, nothing, refuse, type ActionDefinition } from "./definition.ts";
import { node, type Node } from "./node.ts";
import { isPaused } from "./ramp-clock.ts";

/**
 * Stops a ramp's clock at the first instant that every machine knows of in time. A step before it
 * happens everywhere; with an earlier instant, machines that learn of it late would give a step to
 * visitors, and take it from them again.
 */
export const pause: ActionDefinition<"canary", Node> = {
  fits: "canary",
  parameters: strictObject({ node }, "pause"),
  act(policy, _parameters, { now, propagationMs }) {
    const { ramp } = policy;
    if (ramp === undefined)
      return refuse("there is no ramp to pause", "a fixed percent stands still");
    if (isPaused(ramp)) return nothing(policy, "the ramp is paused already");
    return done({ ...policy, ramp: { ...ramp, pausedAt: formatInstant(now + propagationMs) } });
  },
};
