import * as v from "valibot";

import { expected, message } from "../../lib/strict-object.ts";

/** Characters of a pointer to a policy inside another. */
export const MAX_POINTER_CHARS = 4096;

/** Where the policy to act on stands: an RFC 6901 pointer; the whole policy where it is left out. */
export const node = v.exactOptional(
  v.pipe(
    v.string(expected("be a JSON pointer", 'write for example "/paths/~1store"')),
    v.regex(
      /^(?:\/(?:[^~]|~[01])*)?$/,
      expected("be a JSON pointer (RFC 6901)", 'write for example "/paths/~1store"'),
    ),
    v.maxLength(MAX_POINTER_CHARS, message("is too long for a pointer", "shorten it")),
  ),
);

/** What every action takes. */
export interface Node {
  node?: string;
}
