import { NOTHING } from "../cache-key.ts";
import { word } from "../values.ts";
import type { SharedField } from "./definition.ts";

type OverrideMode = "signed" | "open" | "off";

/** Who may force a variant: a signed QA link, anybody with a header, or nobody. */
export const override: SharedField<OverrideMode, OverrideMode> = {
  schema: () => word(["signed", "open", "off"]),
  stands: "anywhere",
  atEnd: "nothing",
  inherited: true,
  asksWho: false,
  shared: true,
  names: "nothing",
  compile: (written = "signed") => written,
  cacheKey: (written) =>
    written === "open" ? { vary: ["x-switchyard-force"], unshareable: false } : NOTHING,
};
