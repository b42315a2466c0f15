import * as v from "valibot";

import { strictObject, record, expected, message } from "../../lib/strict-object.ts";
import { MAX_HOLD_SECONDS, MAX_WEIGHT } from "../limits.ts";
import { InstantSchema, NameSchema, percent, whole, word } from "../values.ts";

/** Characters of a pointer to a policy inside another. */
export const MAX_POINTER_CHARS = 4096;

/** Where the policy to act on stands: an RFC 6901 pointer; the whole policy where it is left out. */
const node = v.exactOptional(
  v.pipe(
    v.string(expected("be a JSON pointer", 'write for example "/paths/~1store"')),
    v.regex(
      /^(?:\/(?:[^~]|~[01])*)?$/,
      expected("be a JSON pointer (RFC 6901)", 'write for example "/paths/~1store"'),
    ),
    v.maxLength(MAX_POINTER_CHARS, message("is too long for a pointer", "shorten it")),
  ),
);

/** When a switch happens: at once, as soon as every machine can know of it, or at an instant. */
const WhenSchema = v.lazy((input) =>
  input === "now" || input === "safe" ? word(["safe", "now"]) : InstantSchema,
);

/** What each action takes beside the policy. */
export const ACTION_PARAMETERS = {
  promote: strictObject({ node, to: v.exactOptional(percent()) }, "promotion"),
  pause: strictObject({ node }, "pause"),
  resume: strictObject({ node }, "resumption"),
  abort: strictObject({ node }, "abortion"),
  renew: strictObject({ node, seconds: whole(1, MAX_HOLD_SECONDS, 7200) }, "renewal"),
  switch: strictObject(
    {
      node,
      to: v.exactOptional(word(["blue", "green"])),
      at: v.exactOptional(WhenSchema),
      drainSeconds: v.exactOptional(whole(0, MAX_HOLD_SECONDS, 600)),
    },
    "switch",
  ),
  "switch-back": strictObject({ node }, "switch back"),
  weights: strictObject(
    {
      node,
      weights: v.pipe(
        record(
          v.string(),
          whole(0, MAX_WEIGHT, 50),
          expected("be an object of variant names and weights", 'write {"control": 90}'),
        ),
        v.check(
          (weights) => Object.keys(weights).length > 0,
          message("must name one variant at least", 'write {"control": 90}'),
        ),
      ),
    },
    "change of weights",
  ),
  force: strictObject({ node, variant: NameSchema }, "force"),
  unforce: strictObject({ node }, "release"),
} as const;

export type ActionName = keyof typeof ACTION_PARAMETERS;

/** The names of all actions. */
export const ACTIONS = [
  "promote",
  "pause",
  "resume",
  "abort",
  "renew",
  "switch",
  "switch-back",
  "weights",
  "force",
  "unforce",
] as const satisfies readonly ActionName[];

type Parameters<TName extends ActionName> = v.InferOutput<(typeof ACTION_PARAMETERS)[TName]>;

/** One action with its parameters. */
export type Action = { [TName in ActionName]: { name: TName } & Parameters<TName> }[ActionName];

/** Whether a text names an action. */
export function isActionName(name: string): name is ActionName {
  return ACTIONS.some((one) => one === name);
}
