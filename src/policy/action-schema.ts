import * as v from "valibot";

import { exact, say, tell } from "./exact.ts";
import { MAX_HOLD_SECONDS, MAX_WEIGHT } from "./limits.ts";
import { InstantSchema, NameSchema, percent, whole, word } from "./values.ts";

/** Characters of a pointer to a policy inside another. */
export const MAX_POINTER_CHARS = 4096;

/** Where the policy to act on stands: an RFC 6901 pointer; the whole policy where it is left out. */
const node = v.exactOptional(
  v.pipe(
    v.string(say("be a JSON pointer", 'write for example "/paths/~1store"')),
    v.regex(
      /^(?:\/(?:[^~]|~[01])*)?$/,
      say("be a JSON pointer (RFC 6901)", 'write for example "/paths/~1store"'),
    ),
    v.maxLength(MAX_POINTER_CHARS, tell("is too long for a pointer", "shorten it")),
  ),
);

/** When a switch happens: at once, as soon as every machine can know of it, or at an instant. */
const WhenSchema = v.lazy((input) =>
  input === "now" || input === "safe" ? word(["safe", "now"]) : InstantSchema,
);

/** What each action takes beside the policy. */
export const ACTION_PARAMETERS = {
  promote: exact({ node, to: v.exactOptional(percent()) }, "promotion"),
  pause: exact({ node }, "pause"),
  resume: exact({ node }, "resumption"),
  abort: exact({ node }, "abortion"),
  renew: exact({ node, seconds: whole(1, MAX_HOLD_SECONDS, 7200) }, "renewal"),
  switch: exact(
    {
      node,
      to: v.exactOptional(word(["blue", "green"])),
      at: v.exactOptional(WhenSchema),
      drainSeconds: v.exactOptional(whole(0, MAX_HOLD_SECONDS, 600)),
    },
    "switch",
  ),
  "switch-back": exact({ node }, "switch back"),
  weights: exact(
    {
      node,
      weights: v.pipe(
        v.record(
          v.string(),
          whole(0, MAX_WEIGHT, 50),
          say("be an object of variant names and weights", 'write {"control": 90}'),
        ),
        v.check(
          (weights) => Object.keys(weights).length > 0,
          tell("must name one variant at least", 'write {"control": 90}'),
        ),
      ),
    },
    "change of weights",
  ),
  force: exact({ node, variant: NameSchema }, "force"),
  unforce: exact({ node }, "release"),
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
