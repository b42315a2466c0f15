import { words } from "../../lib/strict-object.ts";
import { dependsOnNothing } from "../cache-key.ts";
import { MAX_SALT_CHARS } from "../limits.ts";
import { text } from "../values.ts";
import type { NodeField } from "./definition.ts";

/**
 * What the hash is salted with; compiled, the effective salt: `salt`, or `salt@epoch` where an epoch
 * is set. On a map it stands in place of the route's key in the default salts below, and is nobody's own.
 */
export const salt: NodeField<string, string> = {
  schema: () => text(MAX_SALT_CHARS, words("a salt")),
  stands: "anywhere",
  atEnd: "nothing",
  inherited: false,
  asksWho: false,
  shared: false,
  names: "nothing",
  compile: (written, { fields: { epoch }, key, path }) => {
    const base = written ?? key + path;
    return epoch === undefined ? base : `${base}@${epoch}`;
  },
  cacheKey: dependsOnNothing,
};
