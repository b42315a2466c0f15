import type * as v from "valibot";

import type { CacheKey } from "../compiled.ts";
import type { Facts } from "../facts.ts";
import type { Search } from "../predicates/definition.ts";

/** One thing that a rule may match on: a field of `match`. */
export interface ConditionDefinition<TWritten, TCompiled> {
  /** What a policy writes. */
  readonly schema: v.GenericSchema<TWritten>;
  /** Makes it ready to be held against requests, once per policy. */
  compile(written: TWritten): TCompiled;
  /** Whether a request fits. `path` is the path as the rule's policy was handed it. */
  matches(compiled: TCompiled, facts: Facts, path: string): boolean;
  /** What the answer then depends on beside its URL, for caches. */
  cacheKey(compiled: TCompiled): CacheKey;
  /** Every search that one look at it runs. */
  searches(written: TWritten): readonly Search[];
  /** What it asks for, in words: `the method is "POST"`; nothing in a build without words. */
  describe(written: TWritten): string | undefined;
}

/** A condition whatever it matches on. */
export type AnyCondition = ConditionDefinition<unknown, unknown>;
