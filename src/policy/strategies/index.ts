import { blueGreen } from "./blue-green.ts";
import { canary } from "./canary.ts";
import type { EndStrategy, LeafStrategy, MapStrategy } from "./definition.ts";
import { pathMap } from "./path-map.ts";
import { redirect } from "./redirect.ts";
import { respond } from "./respond.ts";
import { single } from "./single.ts";
import { weighted } from "./weighted.ts";

/** The strategies, as a policy names them. */
export const STRATEGIES = {
  single,
  weighted,
  canary,
  "blue-green": blueGreen,
  "path-map": pathMap,
  redirect,
  respond,
} as const;

export type StrategyName = keyof typeof STRATEGIES;

type WrittenOf<T> =
  T extends LeafStrategy<infer TWritten, infer _TNode>
    ? TWritten
    : T extends MapStrategy<infer TWritten, infer _TNode>
      ? TWritten
      : T extends EndStrategy<infer TWritten>
        ? TWritten
        : never;

/** A policy of one strategy as it is written. */
export type WrittenBy<TName extends StrategyName> = WrittenOf<(typeof STRATEGIES)[TName]>;

/** A policy of any strategy as it is written. */
export type WrittenPolicy = WrittenBy<StrategyName>;
