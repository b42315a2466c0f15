import * as v from "valibot";

import { expected, list, message, strictObject, words } from "../../lib/strict-object.ts";
import { dependsOnNothing } from "../cache-key.ts";
import { isFields, listOf } from "../check-report.ts";
import type { Mirror } from "../compiled.ts";
import { DEFAULT_TIMEOUT_MS, MAX_MIRRORS } from "../limits.ts";
import { OriginSchema } from "../origin-values.ts";
import { percent } from "../values.ts";
import { compileEdits, compileVariant } from "../variant.ts";
import { none, type SharedField } from "./definition.ts";

const MirrorSchema = strictObject({ origin: OriginSchema, percent: percent() }, words("mirror"));

const ListSchema = v.pipe(
  list(MirrorSchema, expected("be a list of mirrors", 'write [{"origin": …, "percent": …}]')),
  v.minLength(1, message("is empty", 'write [{"origin": …, "percent": …}], or leave "mirror" out')),
  v.maxLength(
    MAX_MIRRORS,
    message(() => `may hold ${MAX_MIRRORS} mirrors at most`, "take some out"),
  ),
);

type OneInput = v.InferOutput<typeof MirrorSchema>;
type MirrorInput = OneInput | OneInput[];

/** The copy has the policy's header changes already; only its origin's own come on top. */
const compileOne = (written: OneInput): Mirror => ({
  to: compileVariant(
    { name: "mirror", origin: written.origin },
    { timeoutMs: DEFAULT_TIMEOUT_MS, edits: compileEdits(undefined), rewrite: undefined },
  ),
  percent: written.percent,
});

const compile = (written: MirrorInput): readonly Mirror[] => [written].flat().map(compileOne);

/** Shadow copies of shares of the requests, whose answers nobody waits for. */
export const mirror: SharedField<MirrorInput, readonly Mirror[] | undefined> = {
  schema: () =>
    v.lazy((input): v.GenericSchema<MirrorInput> =>
      Array.isArray(input) ? ListSchema : MirrorSchema,
    ),
  stands: "anywhere",
  atEnd: "nothing",
  inherited: true,
  asksWho: false,
  shared: true,
  names: {
    variants: none,
    origins: (written) =>
      isFields(written)
        ? [{ steps: ["origin"], value: written["origin"] }]
        : listOf(written).flatMap((one, index) =>
            isFields(one) ? [{ steps: [index, "origin"], value: one["origin"] }] : [],
          ),
    children: none,
  },
  compile: (written, { once }) => written && once(written, compile),
  cacheKey: dependsOnNothing,
};
