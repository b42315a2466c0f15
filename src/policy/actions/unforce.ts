import { strictObject } from "../../lib/strict-object.ts";
import { done, nothing, type ActionDefinition } from "./definition.ts";
import { node, type Node } from "./node.ts";

/** Everybody gets again what the policy says. */
export const unforce: ActionDefinition<"leaf", Node> = {
  fits: "leaf",
  parameters: strictObject({ node }, "release"),
  act(policy) {
    const { force, ...rest } = policy;
    return force === undefined ? nothing(policy, "no variant is forced") : done(rest);
  },
};
