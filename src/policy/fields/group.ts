import * as v from "valibot";

import { message, strictObject, words } from "../../lib/strict-object.ts";
import { dependsOnNothing } from "../cache-key.ts";
import { NameSchema, percent } from "../values.ts";
import type { SharedField } from "./definition.ts";

const GroupSchema = v.pipe(
  strictObject({ name: NameSchema, from: percent(), to: percent() }, words("group")),
  v.check(
    (group) => group.from < group.to,
    message('must have "from" below "to"', 'write for example "from": 0, "to": 50'),
  ),
);

type GroupInput = v.InferOutput<typeof GroupSchema>;

/** Mutually exclusive experiments: in this one is who falls into [from, to) of the group. */
export const group: SharedField<GroupInput, Readonly<GroupInput> | undefined> = {
  schema: () => GroupSchema,
  stands: "anywhere",
  atEnd: "nothing",
  inherited: true,
  asksWho: true,
  shared: true,
  names: "nothing",
  compile: (written) => written,
  cacheKey: dependsOnNothing,
};
