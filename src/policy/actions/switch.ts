import * as v from "valibot";

import { formatInstant, millis } from "../../lib/instant-text.ts";
import { strictObject } from "../../lib/strict-object.ts";
import { MAX_HOLD_SECONDS } from "../limits.ts";
import { InstantSchema, whole, word } from "../values.ts";
import { colourAt, other, type Colour } from "./colours.ts";
import { done, nothing, refuse, type ActionDefinition } from "./definition.ts";
import { node, type Node } from "./node.ts";

/** When a switch happens: at once, as soon as every machine can know of it, or at an instant. */
const WhenSchema = v.lazy((input) =>
  input === "now" || input === "safe" ? word(["safe", "now"]) : InstantSchema,
);

type Parameters = Node & {
  to?: Colour;
  at?: string;
  drainSeconds?: number;
};

/** Cuts over to the other colour, at an instant that every machine knows of in time, or at once. */
export const switchColour: ActionDefinition<"blue-green", Parameters> = {
  fits: "blue-green",
  parameters: strictObject(
    {
      node,
      to: v.exactOptional(word(["blue", "green"])),
      at: v.exactOptional(WhenSchema),
      drainSeconds: v.exactOptional(whole(0, MAX_HOLD_SECONDS, 600)),
    },
    "switch",
  ),
  act(policy, { to: wanted, at, drainSeconds }, { now, propagationMs }) {
    const { next, ...rest } = policy;
    const active = colourAt(policy, now);
    const isComing = next !== undefined && now < millis(next.at);
    const to = wanted ?? other(active);
    if (to === active && !isComing) return nothing(policy, `"${to}" is the active colour already`);
    if (isComing && to === next.active && to !== active && at === undefined) {
      const isSame = drainSeconds === undefined || drainSeconds === next.drainSeconds;
      if (isSame) return nothing(policy, `the switch to "${to}" comes at ${next.at} already`);
    }
    // A change of mind before the cut-over: the colour that serves goes on serving.
    if (to === active) return done({ ...rest, active });
    if (at === "now" && drainSeconds === undefined) return done({ ...rest, active: to });
    const safe = now + propagationMs;
    const atMs = at === "now" ? now : at === undefined || at === "safe" ? safe : millis(at);
    if (at !== "now" && atMs < safe) {
      return refuse(
        `not every machine can know of a switch before ${formatInstant(safe)}, and they would serve both colours at once`,
        'choose a later instant, leave out "at", or write "at": "now" and accept that',
      );
    }
    const drain = drainSeconds === undefined ? {} : { drainSeconds };
    return done({ ...rest, active, next: { active: to, at: formatInstant(atMs), ...drain } });
  },
};
