import { strictObject } from "../../lib/strict-object.ts";
import { NameSchema } from "../values.ts";
import { done, nothing, type ActionDefinition } from "./definition.ts";
import { node, type Node } from "./node.ts";

/** Kill switch: everybody gets one variant. */
export const force: ActionDefinition<"leaf", Node & { variant: string }> = {
  fits: "leaf",
  parameters: strictObject({ node, variant: NameSchema }, "force"),
  act: (policy, { variant }) =>
    policy.force === variant
      ? nothing(policy, `"${variant}" is forced already`)
      : done({ ...policy, force: variant }),
};
