import * as v from "valibot";

import { expected, list, message, strictObject, words } from "../../lib/strict-object.ts";
import { dependsOnNothing } from "../cache-key.ts";
import { isForgery, isManaged } from "../header-names.ts";
import { MAX_CACHE_SECONDS, MAX_CACHE_VARY } from "../limits.ts";
import { TokenSchema, whole } from "../values.ts";
import type { SharedField } from "./definition.ts";

/** How public answers are kept at the edge. */
export interface EdgeCaching {
  /** A copy serves for so long (s): at most, and where its origin says nothing. */
  readonly ttlSeconds: number;
  /** Fields of a request that its copy is kept apart by, in lower case. */
  readonly vary: readonly string[];
}

/** Fields of requests that are never answered from a copy. */
const NEVER_KEPT = new Set(["authorization", "range", "*"]);

const VaryNameSchema = v.pipe(
  TokenSchema,
  v.check(
    (name) => !isManaged(name) && !isForgery(name) && !NEVER_KEPT.has(name.toLowerCase()),
    expected(
      "be a header of the visitor's own by which copies can be kept apart",
      "remove it: host, scheme, variant and URL keep copies apart by themselves, and a request with Authorization or Range is never answered from a copy",
    ),
  ),
);

const CacheSchema = strictObject(
  {
    ttlSeconds: whole(0, MAX_CACHE_SECONDS, 60),
    vary: v.exactOptional(
      v.pipe(
        list(VaryNameSchema, expected("be a list of header names", 'write ["accept-language"]')),
        v.maxLength(
          MAX_CACHE_VARY,
          message(() => `may name ${MAX_CACHE_VARY} headers at most`, "take some out"),
        ),
      ),
    ),
  },
  words("cache field"),
);

type CacheInput = v.InferOutput<typeof CacheSchema>;

/** Nothing where copies would serve for no time: so a policy inside a map says that it wants none. */
const compile = ({ ttlSeconds, vary = [] }: CacheInput): EdgeCaching | undefined =>
  ttlSeconds === 0
    ? undefined
    : {
        ttlSeconds,
        // In one order: the same names are the same copies.
        vary: [...new Set(vary.map((name) => name.toLowerCase()))].toSorted(),
      };

/** Keeps public answers at the edge, apart for each variant. */
export const cache: SharedField<CacheInput, EdgeCaching | undefined> = {
  schema: () => CacheSchema,
  stands: "anywhere",
  atEnd: "nothing",
  inherited: true,
  asksWho: false,
  shared: true,
  names: "nothing",
  compile: (written, { once }) => written && once(written, compile),
  cacheKey: dependsOnNothing,
};
