import { contains } from "./contains.ts";
import type { PredicateDefinition } from "./definition.ts";
import { not } from "./not.ts";
import { prefix } from "./prefix.ts";
import { regex } from "./regex.ts";
import { suffix } from "./suffix.ts";

/** The conditions that are written as an object with one field, by that field. */
export const PREDICATES = { prefix, suffix, contains, not, regex } as const;

type WrittenOf<T> = T extends PredicateDefinition<infer TWritten> ? TWritten : never;

/** What a policy writes for each. */
export type PredicateInput = {
  [TName in keyof typeof PREDICATES]?: WrittenOf<(typeof PREDICATES)[TName]>;
};
