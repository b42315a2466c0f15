import * as v from "valibot";

import { expected } from "../../lib/strict-object.ts";

/** Characters of one value to compare with. */
const MAX_CONDITION_CHARS = 1024;

/** A text that a request's value is held against. */
export const TextSchema = v.pipe(
  v.string(expected("be text", "write it in quotes")),
  v.maxLength(
    MAX_CONDITION_CHARS,
    expected(() => `have at most ${MAX_CONDITION_CHARS} characters`, "shorten it"),
  ),
);
