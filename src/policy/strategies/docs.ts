import { blueGreen } from "./blue-green.docs.ts";
import { canary } from "./canary.docs.ts";
import { pathMap } from "./path-map.docs.ts";
import { redirect } from "./redirect.docs.ts";
import { respond } from "./respond.docs.ts";
import { single } from "./single.docs.ts";
import { weighted } from "./weighted.docs.ts";
import type { AnyStrategyDocs } from "./docs-definition.ts";
import type { StrategyName } from "./index.ts";

/** What people read of each strategy. */
export const STRATEGY_DOCS: { readonly [TName in StrategyName]: AnyStrategyDocs } = {
  single,
  weighted,
  canary,
  "blue-green": blueGreen,
  "path-map": pathMap,
  redirect,
  respond,
};
