import { comparing, type PredicateDefinition } from "./definition.ts";
import { TextSchema } from "./text.ts";

/** A value that ends with a text. */
export const suffix: PredicateDefinition<string> = {
  schema: () => TextSchema,
  compile(written, fold) {
    const part = fold(written);
    return comparing((value) => value.endsWith(part));
  },
  searches: () => [],
};
