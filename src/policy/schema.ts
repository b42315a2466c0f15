import type { WrittenPolicy } from "./strategies/index.ts";

export type { BlueGreen } from "./strategies/blue-green.ts";
export type { Canary } from "./strategies/canary.ts";
export type { PathMap } from "./strategies/path-map.ts";
export type { Redirect } from "./strategies/redirect.ts";
export type { Respond } from "./strategies/respond.ts";
export type { Single } from "./strategies/single.ts";
export type { Weighted } from "./strategies/weighted.ts";

/** A policy as it is written: an origin's URL, or one of the strategies. */
export type Policy = string | WrittenPolicy;
