import { dependsOnNothing } from "../cache-key.ts";
import type { Variant } from "../compiled.ts";
import { NameSchema } from "../values.ts";
import { none, type NodeField } from "./definition.ts";

/** Kill switch: everybody gets this variant, ahead of everything. */
export const force: NodeField<string, Variant | undefined> = {
  schema: () => NameSchema,
  stands: "at-leaf",
  atEnd: "nothing",
  inherited: false,
  asksWho: false,
  shared: false,
  names: {
    variants: (written) => [{ steps: [], value: written }],
    origins: none,
    children: none,
  },
  compile: (written, { variants }) => variants.find(({ name }) => name === written),
  cacheKey: dependsOnNothing,
};
