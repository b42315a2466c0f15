import { contains } from "./contains.docs.ts";
import type { PredicateDocs } from "./docs-definition.ts";
import { not } from "./not.docs.ts";
import { prefix } from "./prefix.docs.ts";
import { regex } from "./regex.docs.ts";
import { suffix } from "./suffix.docs.ts";
import type { PREDICATES } from "./index.ts";

/** What people read of each condition with a name of its own, in the order of the reference. */
export const PREDICATE_DOCS: { readonly [TName in keyof typeof PREDICATES]: PredicateDocs } = {
  prefix,
  suffix,
  contains,
  not,
  regex,
};
