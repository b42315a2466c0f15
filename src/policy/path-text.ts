import * as v from "valibot";

import { writtenPath } from "../lib/path.ts";
import { expected, words } from "../lib/strict-object.ts";
import { MAX_PREFIX_CHARS } from "./limits.ts";

/** Control characters, plain or encoded: no log, and no server that decodes, is to meet one. */
// oxlint-disable-next-line no-control-regex -- control characters are what is looked for
const CONTROL = /[\0-\x1F\x7F]|%(?:[01][\da-f]|7f)/i;

/** Whether a text can stand in a URL's path as it is, and lead nowhere else. */
const isPath = (text: string): boolean =>
  writtenPath(text) !== undefined &&
  text.isWellFormed() &&
  !CONTROL.test(text) &&
  !text.includes("//") &&
  !text.endsWith("/*");

const pathText = (
  isFit: (text: string) => boolean,
  what: string | undefined,
  example: string | undefined,
) =>
  v.pipe(
    v.string(
      expected(
        () => `be ${what}`,
        () => `write for example ${example}`,
      ),
    ),
    v.maxLength(
      MAX_PREFIX_CHARS,
      expected(() => `have at most ${MAX_PREFIX_CHARS} characters`, "shorten it"),
    ),
    v.check(
      isFit,
      expected(
        () => `be ${what} that begins with a slash`,
        "leave out query, fragment, control characters, empty and dot segments and a * at its end; the visitor's query stays",
      ),
    ),
  );

/** What stands in place of a whole path. */
export const PathTextSchema = pathText(isPath, words("a path"), words('"/x"'));

/** What stands in place of a prefix; empty where that is taken off. */
export const PrefixTextSchema = pathText(
  (text) => text === "" || isPath(text),
  words("a prefix"),
  words('"/x", or "" to take it off'),
);
