import * as v from "valibot";

import { expected, list, message, strictObject, words } from "../../lib/strict-object.ts";
import { dependsOnNothing } from "../cache-key.ts";
import { MAX_CORS_AGE_SECONDS, MAX_CORS_ITEMS } from "../limits.ts";
import { FlagSchema, TokenSchema, whole } from "../values.ts";
import type { SharedField } from "./definition.ts";

/** Who may read answers from another origin, and how they may ask, ready for use. */
export interface Cors {
  /** Serialized origins, as browsers send them; `*` for every one. */
  readonly exact: ReadonlySet<string>;
  /** Scheme and what the host ends with, its port included, of origins with a wildcard. */
  readonly wild: readonly { readonly scheme: string; readonly end: string }[];
  readonly credentials: boolean;
  readonly methods: string;
  readonly headers: string;
  readonly expose: string;
  readonly maxAge: string;
}

/** What stands in a wildcard's place while a URL is parsed. */
const STAND_IN = "any-host";

/** An origin in the form in which browsers send it; nothing for what is none. */
function originOf(text: string): string | undefined {
  if (text === "*") return text;
  if (!/^[a-z][a-z0-9+.-]*:\/\/(?:\*(?=\.|:|$))?[^\s/?#@\\*]{0,300}$/i.test(text)) return undefined;
  const url = URL.parse(text.replace("*", STAND_IN));
  if (url === null || url.host === "") return undefined;
  // Of schemes that are not the web's own the parser knows no origin.
  return `${url.protocol}//${url.host}`.replace(STAND_IN, "*");
}

const mustBeOrigin = expected(
  'be an origin: scheme, host and port alone, or "*"',
  'write "https://www.example.com" or "https://*.example.com"',
);

const mustBeList = expected(
  () => `be a list of at most ${MAX_CORS_ITEMS}`,
  'write ["…"], or ["*"]',
);

const listOf = <TItem extends v.GenericSchema>(item: TItem) =>
  v.pipe(list(item, mustBeList), v.maxLength(MAX_CORS_ITEMS, mustBeList));

const names = v.exactOptional(listOf(TokenSchema));

const CorsSchema = v.pipe(
  strictObject(
    {
      origins: v.pipe(
        listOf(
          v.pipe(
            v.string(mustBeOrigin),
            v.check((text) => originOf(text) !== undefined, mustBeOrigin),
          ),
        ),
        v.minLength(1, message("must name one origin at least", 'write ["https://…"], or ["*"]')),
      ),
      methods: names,
      headers: names,
      expose: names,
      credentials: v.exactOptional(FlagSchema),
      maxAgeSeconds: v.exactOptional(whole(0, MAX_CORS_AGE_SECONDS, 600)),
    },
    words("cors field"),
  ),
  v.check(
    ({ origins, credentials }) => credentials !== true || !origins.includes("*"),
    message('"*" beside "credentials" would let every site act as the visitor', "name the origins"),
  ),
);

type CorsInput = v.InferOutput<typeof CorsSchema>;

/** What Fetch lets scripts send without asking. */
const SAFE_METHODS = ["GET", "HEAD", "POST"];

/** What browsers take where a preflight says nothing (Fetch §4.8). */
const DEFAULT_AGE_SECONDS = 5;

function compileCors(written: CorsInput): Cors {
  const { methods = SAFE_METHODS, headers = [], expose = [], credentials = false } = written;
  const origins = written.origins.map((text) => originOf(text) ?? "");
  const isWild = (origin: string): boolean => origin.includes("//*");
  return {
    exact: new Set(origins.filter((origin) => !isWild(origin))),
    wild: origins.filter(isWild).map((origin) => {
      const [scheme = "", end = ""] = origin.split("*");
      return { scheme, end };
    }),
    credentials,
    methods: methods.join(", "),
    headers: headers.join(", "),
    expose: expose.join(", "),
    maxAge: String(written.maxAgeSeconds ?? DEFAULT_AGE_SECONDS),
  };
}

/** Which other origins' pages may ask, and read the answers; the gateway answers preflights itself. */
export const cors: SharedField<CorsInput, Cors | undefined> = {
  schema: () => CorsSchema,
  stands: "anywhere",
  atEnd: () => CorsSchema,
  inherited: true,
  asksWho: false,
  shared: true,
  names: "nothing",
  compile: (written, { once }) => written && once(written, compileCors),
  cacheKey: dependsOnNothing,
};
