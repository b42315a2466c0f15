import * as v from "valibot";

import { strictObject, expected, message } from "../lib/strict-object.ts";
import { MAX_TTL_SECONDS } from "./limits.ts";
import { TokenSchema, whole, word, FlagSchema } from "./values.ts";

const SourceSchema = v.lazy((input) => {
  if (typeof input !== "object" || input === null) return word(["cookie", "ip"]);
  return "query" in input
    ? strictObject(
        {
          query: v.pipe(
            v.string(expected("be text", "write the parameter's name")),
            v.minLength(1, expected("not be empty", "write the parameter's name")),
          ),
        },
        "source",
      )
    : strictObject({ header: TokenSchema }, "source");
});

const CookieNameSchema = v.pipe(
  TokenSchema,
  v.check(
    (name) => !/^__(?:host|secure)-/i.test(name),
    expected(
      "not begin with __Host- or __Secure-: those forbid the path and the plain http that the cookie may need",
      'write for example "sy"',
    ),
  ),
);

const DomainSchema = v.pipe(
  v.string(expected("be text", 'write for example "example.com"')),
  v.regex(
    // DNS allows 63 characters between two dots.
    /^\.?[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)+$/i,
    expected("be a domain", 'write for example "example.com"'),
  ),
);

const CookieSchema = v.pipe(
  strictObject(
    {
      name: v.exactOptional(CookieNameSchema),
      ttlSeconds: v.exactOptional(whole(1, MAX_TTL_SECONDS, 2_592_000)),
      domain: v.exactOptional(DomainSchema),
      sameSite: v.exactOptional(word(["lax", "strict", "none"])),
      partitioned: v.exactOptional(FlagSchema),
    },
    "cookie",
  ),
);

/** Who counts as the same visitor, and whether their variant is computed or remembered. */
export const StickySchema = v.lazy((input) =>
  typeof input === "object" && input !== null
    ? v.pipe(
        strictObject(
          {
            by: v.exactOptional(
              v.pipe(
                v.array(SourceSchema, expected("be a list", 'write ["cookie"]')),
                v.minLength(
                  1,
                  message("must name one source at least", 'write ["cookie"], or "sticky": false'),
                ),
              ),
            ),
            mode: v.exactOptional(word(["hash", "pin"])),
            cookie: v.exactOptional(CookieSchema),
            onZero: v.exactOptional(word(["keep", "evict"])),
          },
          "sticky field",
        ),
        v.check(
          (sticky) => sticky.mode !== "pin" || (sticky.by ?? ["cookie"]).includes("cookie"),
          message(
            '"pin" keeps the variant in the cookie, and "by" has no "cookie"',
            'add "cookie" to "by", or use "mode": "hash"',
          ),
        ),
      )
    : v.literal(
        false,
        expected("be false or an object", 'write false, or for example {"by": ["cookie"]}'),
      ),
);

export type StickyInput = v.InferOutput<typeof StickySchema>;
