import { formatInstant, millis } from "../../lib/instant-text.ts";
import { strictObject } from "../../lib/strict-object.ts";
import { done, nothing, type ActionDefinition } from "./definition.ts";
import { node, type Node } from "./node.ts";
import { isPaused } from "./ramp-clock.ts";

/** Lets a ramp go on from where it stands. A pause that lies ahead has stopped nothing yet, and is called off. */
export const resume: ActionDefinition<"canary", Node> = {
  fits: "canary",
  parameters: strictObject({ node }, "resumption"),
  act(policy, _parameters, { now }) {
    const { ramp } = policy;
    if (ramp === undefined || !isPaused(ramp)) return nothing(policy, "no ramp is paused here");
    const { pausedAt, ...rest } = ramp;
    const stoodMs = Math.max(0, now - millis(pausedAt));
    const startAt = formatInstant(millis(ramp.startAt) + stoodMs);
    return done({ ...policy, ramp: { ...rest, startAt } });
  },
};
