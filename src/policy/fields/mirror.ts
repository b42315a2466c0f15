import type * as v from "valibot";

import { strictObject } from "../../lib/strict-object.ts";
import { dependsOnNothing } from "../cache-key.ts";
import { isFields } from "../check-report.ts";
import type { Mirror } from "../compiled.ts";
import { DEFAULT_TIMEOUT_MS } from "../limits.ts";
import { OriginSchema, percent } from "../values.ts";
import { compileEdits, compileVariant } from "../variant.ts";
import { none, type SharedField } from "./definition.ts";

const MirrorSchema = strictObject({ origin: OriginSchema, percent: percent() }, "mirror");

type MirrorInput = v.InferOutput<typeof MirrorSchema>;

/** The copy has the policy's header changes already; only its origin's own come on top. */
const compile = (written: MirrorInput): Mirror => ({
  to: compileVariant(
    { name: "mirror", origin: written.origin },
    { timeoutMs: DEFAULT_TIMEOUT_MS, edits: compileEdits(undefined), rewrite: undefined },
  ),
  percent: written.percent,
});

/** A shadow copy of a share of the requests, whose answer nobody waits for. */
export const mirror: SharedField<MirrorInput, Mirror | undefined> = {
  schema: () => MirrorSchema,
  leafOnly: false,
  atEnd: "nothing",
  inherited: true,
  asksWho: false,
  shared: true,
  names: {
    variants: none,
    origins: (written) =>
      isFields(written) ? [{ steps: ["origin"], value: written["origin"] }] : [],
    children: none,
  },
  compile: (written, { once }) => written && once(written, compile),
  cacheKey: dependsOnNothing,
};
