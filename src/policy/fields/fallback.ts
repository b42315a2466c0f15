import { dependsOnNothing } from "../cache-key.ts";
import type { Variant } from "../compiled.ts";
import { OriginSchema, type OriginInput } from "../origin-values.ts";
import { none, type SharedField } from "./definition.ts";

/** The origin that is asked when everything else failed. */
export const fallback: SharedField<OriginInput, Variant | undefined> = {
  schema: () => OriginSchema,
  stands: "anywhere",
  atEnd: "nothing",
  inherited: true,
  asksWho: false,
  shared: true,
  names: {
    variants: none,
    origins: (written) => [{ steps: [], value: written }],
    children: none,
  },
  compile: (written, { variantOf }) =>
    written === undefined ? undefined : variantOf({ name: "fallback", origin: written }),
  cacheKey: dependsOnNothing,
};
