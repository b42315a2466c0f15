import { join } from "node:path";

/**
 * The arguments that make Node run wrangler. Its program itself: the one that npm links starts a second Node for it, and
 * ends as if all went well where that one is killed. With room for what a start loads and drops again: to look through
 * smaller rooms many times over would take a tenth of the processor's time.
 */
export const WRANGLER: readonly string[] = [
  "--no-warnings",
  "--min-semi-space-size=64",
  join(import.meta.dirname, "../src/demo/load-wrangler.ts"),
];
