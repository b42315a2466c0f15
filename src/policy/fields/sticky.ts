import * as v from "valibot";

import { expected, list, message, strictObject, words } from "../../lib/strict-object.ts";
import { DEFAULT_TTL_SECONDS, MAX_SOURCES, MAX_TTL_SECONDS } from "../limits.ts";
import { NOTHING } from "../cache-key.ts";
import { isFields } from "../check-report.ts";
import type { Source, Sticky } from "../compiled.ts";
import type { SharedField } from "./definition.ts";
import { TokenSchema, whole, word, FlagSchema } from "../values.ts";

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
        words("source"),
      )
    : strictObject({ header: TokenSchema }, words("source"));
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
    words("cookie"),
  ),
);

/** Who counts as the same visitor, and whether their variant is computed or remembered. */
const StickySchema = v.lazy((input) =>
  typeof input === "object" && input !== null
    ? v.pipe(
        strictObject(
          {
            by: v.exactOptional(
              v.pipe(
                list(SourceSchema, expected("be a list", 'write ["cookie"]')),
                v.minLength(
                  1,
                  message("must name one source at least", 'write ["cookie"], or "sticky": false'),
                ),
                v.maxLength(
                  MAX_SOURCES,
                  message(
                    () => `may name ${MAX_SOURCES} sources at most`,
                    "keep those that are sent",
                  ),
                ),
              ),
            ),
            mode: v.exactOptional(word(["hash", "pin"])),
            cookie: v.exactOptional(CookieSchema),
            onZero: v.exactOptional(word(["keep", "evict"])),
          },
          words("sticky field"),
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

/** Whether visitors may be known by cookie, whatever the shape of the rest. */
export function mayKnowByCookie(written: unknown): boolean {
  if (written === false) return false;
  const by = isFields(written) ? written["by"] : undefined;
  return !Array.isArray(by) || by.includes("cookie");
}

/** The cookie's name where a policy says nothing. */
export const DEFAULT_COOKIE_NAME = "sy";

function compile(input: StickyInput): Sticky | false {
  if (input === false) return false;
  const by = (input.by ?? ["cookie"]).map((source): Source => {
    if (source === "cookie" || source === "ip") return { from: source };
    return "header" in source
      ? { from: "header", name: source.header.toLowerCase() }
      : { from: "query", name: source.query };
  });
  return {
    by,
    byCookie: by.some((source) => source.from === "cookie"),
    mode: input.mode ?? "hash",
    onZero: input.onZero ?? "keep",
    cookie: {
      name: input.cookie?.name ?? DEFAULT_COOKIE_NAME,
      ttlSeconds: input.cookie?.ttlSeconds ?? DEFAULT_TTL_SECONDS,
      domain: input.cookie?.domain?.replace(/^\./, "").toLowerCase(),
      sameSite: input.cookie?.sameSite ?? "lax",
      partitioned: input.cookie?.partitioned ?? false,
    },
  };
}

/** Of every policy that says nothing of it: one value for all. */
const DEFAULT_STICKY = compile({});

/** Who counts as the same visitor. Part of the answer only where the strategy asks. */
export const sticky: SharedField<StickyInput, Sticky | false> = {
  schema: () => StickySchema,
  stands: "anywhere",
  atEnd: "nothing",
  inherited: true,
  asksWho: false,
  shared: true,
  names: "nothing",
  compile: (written, { once }) => (written === undefined ? DEFAULT_STICKY : once(written, compile)),
  cacheKey(written, { asksWho }) {
    if (!asksWho) return NOTHING;
    const compiled = written === undefined ? DEFAULT_STICKY : compile(written);
    if (compiled === false) return { vary: [], unshareable: true };
    const vary = compiled.by.flatMap((source) => {
      if (source.from === "header") return [source.name];
      return source.from === "cookie" ? ["cookie"] : [];
    });
    return { vary, unshareable: compiled.by.some(({ from }) => from === "ip") };
  },
};
