import * as v from "valibot";

import { expected, strictObject, words } from "../../lib/strict-object.ts";
import { NOTHING } from "../cache-key.ts";
import type { Consent } from "../compiled.ts";
import { TokenSchema } from "../values.ts";
import type { SharedField } from "./definition.ts";

const ConsentSchema = strictObject(
  {
    cookie: TokenSchema,
    value: v.exactOptional(v.string(expected("be text", "write the cookie's value"))),
  },
  words("consent"),
);

type ConsentInput = v.InferOutput<typeof ConsentSchema>;

/** Until this cookie is there, no cookie is set and the default variant serves. */
export const consent: SharedField<ConsentInput, Consent | undefined> = {
  schema: () => ConsentSchema,
  stands: "anywhere",
  atEnd: "nothing",
  inherited: true,
  asksWho: false,
  shared: true,
  names: "nothing",
  compile: (written) => written && { cookie: written.cookie, value: written.value },
  cacheKey: (written) =>
    written === undefined ? NOTHING : { vary: ["cookie"], unshareable: false },
};
