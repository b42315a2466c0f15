import { NOTHING } from "../cache-key.ts";
import type { Variant } from "../compiled.ts";
import { NameSchema } from "../values.ts";
import { none, type NodeField } from "./definition.ts";

/** Crawlers are drawn like everybody. The word keeps its meaning where a variant has it for a name. */
const SPLIT = "split";

/** Where declared crawlers go: to a variant, or through the split like everybody. */
export const bots: NodeField<string, Variant | undefined> = {
  schema: () => NameSchema,
  stands: "anywhere",
  atEnd: "nothing",
  inherited: true,
  asksWho: false,
  shared: false,
  names: {
    variants: (written) => (written === SPLIT ? [] : [{ steps: [], value: written }]),
    origins: none,
    children: none,
  },
  compile: (written, { variants }) =>
    written === SPLIT ? undefined : variants.find(({ name }) => name === written),
  cacheKey: (written, { variants }) =>
    written === undefined || written === SPLIT || !variants.includes(written)
      ? NOTHING
      : { vary: ["user-agent"], unshareable: false },
};
