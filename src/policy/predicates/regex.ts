import * as v from "valibot";

import { expected, message } from "../../lib/strict-object.ts";
import { MAX_REGEX_CHARS, MAX_REGEX_COST, MAX_REGEX_VALUE_CHARS } from "../limits.ts";
import { present, type PredicateDefinition } from "./definition.ts";
import { fitsWhole } from "./regex-positions.ts";
import { readRegex } from "./regex-read.ts";

/** Up to so many steps at worst the platform's own engine is quick, and nearly always quicker than ours. */
const MAX_BACKTRACKING_STEPS = 4096;

const RegexSchema = v.pipe(
  v.string(expected("be a regular expression", 'write for example "mobile-[0-9]+"')),
  v.maxLength(
    MAX_REGEX_CHARS,
    expected(
      () => `have at most ${MAX_REGEX_CHARS} characters`,
      "shorten it, or part it into rules",
    ),
  ),
  v.rawCheck(({ dataset, addIssue }) => {
    if (!dataset.typed || dataset.value.length > MAX_REGEX_CHARS) return;
    const read = readRegex(dataset.value);
    if (!read.ok) {
      const [what, fix] = read.error;
      addIssue({
        message: message(() => `is not a regular expression that is allowed: ${what}`, fix ?? ""),
      });
    } else if (read.value.cost > MAX_REGEX_COST)
      addIssue({
        message: message(
          () => `costs ${read.value.cost} steps at worst, of ${MAX_REGEX_COST} allowed`,
          "bound its quantifiers by 8 at most, or use fewer of them",
        ),
      });
  }),
);

/**
 * A value that a regular expression fits whole: ECMAScript syntax with the flag `u`, of the subset
 * whose worst case is bounded (`regex-read.ts`). Longer values than the bound never fit.
 */
export const regex: PredicateDefinition<string> = {
  schema: () => RegexSchema,
  compile(written) {
    const read = readRegex(written);
    const whole = new RegExp(`^(?:${written})$`, "u");
    const fits =
      read.ok && read.value.steps > MAX_BACKTRACKING_STEPS
        ? (value: string) => fitsWhole(read.value.part, value)
        : (value: string) => whole.test(value);
    return present((value) => value.length <= MAX_REGEX_VALUE_CHARS && fits(value));
  },
  searches: (written) => [{ regex: written }],
};
