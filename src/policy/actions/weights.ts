import * as v from "valibot";

import { expected, message, record, strictObject } from "../../lib/strict-object.ts";
import { MAX_WEIGHT } from "../limits.ts";
import { whole } from "../values.ts";
import { done, nothing, refuse, type ActionDefinition } from "./definition.ts";
import { node, type Node } from "./node.ts";

/** Other weights for the variants named; the others keep theirs. */
export const weights: ActionDefinition<"weighted", Node & { weights: Record<string, number> }> = {
  fits: "weighted",
  parameters: strictObject(
    {
      node,
      weights: v.pipe(
        record(
          v.string(),
          whole(0, MAX_WEIGHT, 50),
          expected("be an object of variant names and weights", 'write {"control": 90}'),
        ),
        v.check(
          (written) => Object.keys(written).length > 0,
          message("must name one variant at least", 'write {"control": 90}'),
        ),
      ),
    },
    "change of weights",
  ),
  act(policy, { weights: wanted }) {
    const known = policy.variants.map(({ name }) => name);
    const unknown = Object.keys(wanted).find((name) => !known.includes(name));
    if (unknown !== undefined)
      return refuse(
        `"${unknown}" is not a variant of this policy`,
        `use one of: ${known.join(", ")}`,
      );
    const variants = policy.variants.map((variant) =>
      Object.hasOwn(wanted, variant.name)
        ? { ...variant, weight: wanted[variant.name] ?? variant.weight }
        : variant,
    );
    return variants.every(({ weight }, index) => weight === policy.variants[index]?.weight)
      ? nothing(policy, "the variants have these weights already")
      : done({ ...policy, variants });
  },
};
