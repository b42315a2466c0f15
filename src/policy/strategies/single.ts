import { words } from "../../lib/strict-object.ts";
import type { Common } from "../common.ts";
import type { LeafNode } from "../compiled.ts";
import { OriginSchema, type OriginInput } from "../origin-values.ts";
import type { LeafStrategy } from "./definition.ts";
import { namedFields } from "./named-fields.ts";
import { heaviestOther } from "./rescuer.ts";

/** One origin; the name of the strategy may be left out. */
export interface Single extends Common {
  strategy?: "single";
  origin: OriginInput;
}

/** One origin for everybody. */
export const single: LeafStrategy<Single, LeafNode> = {
  kind: "leaf",
  title: words("single policy"),
  splits: false,
  pins: false,
  rescues: false,
  ...namedFields(["origin"]),
  entries: () => ({ origin: OriginSchema }),
  check: () => undefined,
  compile: (_written, leaf) => leaf,
  asksWho: () => false,
  marks: () => false,
  keeps: () => undefined,
  decide: (node) => ({ variant: node.variants[0], reason: "only" }),
  shares: () => [1],
  instants: () => [],
  defaultVariant: (node) => node.variants[0],
  guard: "nothing",
  honoursPin: () => false,
  rescuer: heaviestOther,
};

/** What a bare URL is. */
export const ofUrl = (url: string): Single => ({ origin: url });
