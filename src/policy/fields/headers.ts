import { dependsOnNothing } from "../cache-key.ts";
import type { HeaderEdits } from "../compiled.ts";
import { HeadersSchema, ResponseHeadersSchema, type Headers } from "../header-values.ts";
import type { SharedField } from "./definition.ts";

/** Header changes on the way to the origin and back; compiled, they begin those of every variant. */
export const headers: SharedField<Headers, HeaderEdits> = {
  schema: () => HeadersSchema,
  stands: "anywhere",
  atEnd: () => ResponseHeadersSchema,
  inherited: true,
  asksWho: false,
  shared: true,
  names: "nothing",
  compile: (_written, { edits }) => edits,
  cacheKey: dependsOnNothing,
};
