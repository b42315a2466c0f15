import { words } from "../../lib/strict-object.ts";
import { dependsOnNothing } from "../cache-key.ts";
import { MAX_SALT_CHARS } from "../limits.ts";
import { text } from "../values.ts";
import type { NodeField } from "./definition.ts";
import { salt } from "./salt.ts";

/** What a split is called in headers, rows and results: by default its effective salt. */
export const experiment: NodeField<string, string> = {
  schema: () => text(MAX_SALT_CHARS, words("an experiment's name")),
  stands: "anywhere",
  atEnd: "nothing",
  inherited: true,
  asksWho: false,
  shared: false,
  names: "nothing",
  compile: (written, context) => written ?? salt.compile(context.fields.salt, context),
  cacheKey: dependsOnNothing,
};
