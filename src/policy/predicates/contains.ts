import { present, type PredicateDefinition } from "./definition.ts";
import { TextSchema } from "./text.ts";

/** A value that has somewhere a text. */
export const contains: PredicateDefinition<string> = {
  schema: () => TextSchema,
  compile(written, fold) {
    const part = fold(written);
    return present((value) => value.includes(part));
  },
  regexes: () => [],
};
