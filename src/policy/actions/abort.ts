import { strictObject } from "../../lib/strict-object.ts";
import { done, nothing, type ActionDefinition } from "./definition.ts";
import { node, type Node } from "./node.ts";
import { withoutRamp } from "./ramp-clock.ts";

/** Everybody back to stable, those included whom a pin would keep on the canary. */
export const abort: ActionDefinition<"canary", Node> = {
  fits: "canary",
  parameters: strictObject({ node }, "abortion"),
  act(policy, _parameters, { sticky: inherited }) {
    const { ramp, percent } = policy;
    const sticky = policy.sticky ?? inherited;
    const keeps = typeof sticky === "object" && sticky.mode === "pin" && sticky.onZero !== "evict";
    if (ramp === undefined && percent === 0 && !keeps)
      return nothing(policy, "the canary has nobody already");
    const evicting = keeps ? { sticky: { ...sticky, onZero: "evict" as const } } : {};
    return done({ ...withoutRamp(policy), percent: 0, ...evicting });
  },
};
