import { comparing, type PredicateDefinition } from "./definition.ts";
import { TextSchema } from "./text.ts";

/** A value that begins with a text. */
export const prefix: PredicateDefinition<string> = {
  schema: () => TextSchema,
  compile(written, fold) {
    const part = fold(written);
    return comparing((value) => value.startsWith(part));
  },
  searches: () => [],
};
