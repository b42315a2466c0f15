import * as v from "valibot";

import { expected, list, message, record, strictObject, words } from "../lib/strict-object.ts";
import { HostNameSchema } from "./host-name.ts";
import { isForgery, isManaged, isRemovable } from "./header-names.ts";
import { MAX_ISSUES } from "../lib/issue.ts";
import { shorten } from "../lib/shorten.ts";
import { instant } from "../lib/instant.ts";
import { MAX_HEADER_VALUE_CHARS, MAX_NAME_CHARS, MAX_TIMEOUT_MS, MAX_URL_CHARS } from "./limits.ts";
import { normalPath } from "../lib/path.ts";
import { RewriteSchema } from "./rewrite.ts";

/** A whole number from `low` to `high`, both in. */
export function whole(low: number, high: number, example: number) {
  const invalid = expected(
    () => `be a whole number from ${low} to ${high}`,
    () => `write for example ${example}`,
  );
  return v.pipe(
    v.number(invalid),
    v.integer(invalid),
    v.minValue(low, invalid),
    v.maxValue(high, invalid),
  );
}

/** A share of visitors in percent, 0 to 100, fractions allowed. */
export function percent() {
  const invalid = expected("be a number from 0 to 100", "write for example 5");
  return v.pipe(v.number(invalid), v.minValue(0, invalid), v.maxValue(100, invalid));
}

/** Text without control characters, so that no part of a hash can hold the line feed that parts them. */
export function text(maxChars: number, what: string | undefined) {
  const invalid = expected(
    () =>
      `be ${what}: 1 to ${maxChars} characters, no control characters or half surrogates, no space at either end`,
    "write a short name",
  );
  return v.pipe(
    v.string(invalid),
    v.minLength(1, invalid),
    v.maxLength(maxChars, invalid),
    v.check(
      (value) =>
        // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
        !/[\u0000-\u001F\u007F]/.test(value) && value.trim() === value && value.isWellFormed(),
      invalid,
    ),
  );
}

/** The name of a variant, a rule or a group. */
export const NameSchema = text(MAX_NAME_CHARS, words("a name"));

/** One of a few words. */
export function word<const TWords extends readonly [string, ...string[]]>(known: TWords) {
  return v.picklist(
    known,
    expected(
      () => `be one of ${known.map((one) => `"${one}"`).join(", ")}`,
      () => `write "${known[0]}"`,
    ),
  );
}

/** True or false. */
export const FlagSchema = v.boolean(expected("be true or false", "write true or false"));

/** A time with its zone, RFC 3339. */
export const InstantSchema = v.pipe(
  v.string(expected("be a time", 'write for example "2026-12-01T09:00:00Z"')),
  v.check(
    (value) => instant(value) !== undefined,
    expected(
      "be a time that exists, with its zone (RFC 3339)",
      'write for example "2026-12-01T09:00:00Z"',
    ),
  ),
);

/** A token of RFC 9110 §5.6.2. */
export const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

/** A header, cookie or method name: a token of RFC 9110 §5.6.2. */
export const TokenSchema = v.pipe(
  v.string(expected("be text", "write a name")),
  v.regex(
    TOKEN,
    expected("be a token (letters, digits and !#$%&'*+-.^_`|~)", "take the other characters out"),
  ),
  v.maxLength(
    MAX_NAME_CHARS * 2,
    expected(() => `have at most ${MAX_NAME_CHARS * 2} characters`, "shorten it"),
  ),
);

/** The name of a field that an edit may touch. */
const HeaderNameSchema = v.pipe(
  TokenSchema,
  v.check(
    (name) => !isManaged(name),
    expected("not be a header that the gateway itself answers for", "remove it"),
  ),
);

/** The name of a field that an edit may take out. */
const RemovedNameSchema = v.pipe(
  TokenSchema,
  v.check(
    isRemovable,
    expected("not be a header that the gateway itself answers for", "remove it"),
  ),
);

/** The name of a field that an edit may put into an origin's request. */
const SentNameSchema = v.pipe(
  HeaderNameSchema,
  v.check(
    (name) => isManaged(name) || !isForgery(name),
    expected(
      "not be a header that claims an address, a URL, a method or an identity",
      "remove it, or give it a name of your own; the gateway tells origins what is true of these",
    ),
  ),
);

const HeaderValueSchema = v.pipe(
  v.string(expected("be text", "write the header's value in quotes")),
  v.maxLength(
    MAX_HEADER_VALUE_CHARS,
    expected(() => `have at most ${MAX_HEADER_VALUE_CHARS} characters`, "shorten it"),
  ),
  // RFC 9110 §5.5: visible ASCII, space and tab. Anything else is a way to inject a header or is mangled on its way.
  v.regex(/^[\t\x20-\x7E]*$/, expected("hold visible ASCII characters only", "encode the others")),
);

/** Names and values; a name is one name in every case. */
const headerValues = (name: typeof HeaderNameSchema | typeof SentNameSchema) =>
  v.pipe(
    record(
      name,
      HeaderValueSchema,
      expected("be an object of names and values", 'write {"x-name": "value"}'),
    ),
    v.rawCheck(({ dataset, addIssue }) => {
      const input: unknown = dataset.value;
      if (typeof input !== "object" || input === null) return;
      const seen = new Set<string>();
      for (const [key, value] of Object.entries(input)) {
        if ((dataset.issues?.length ?? 0) >= MAX_ISSUES) return;
        if (seen.has(key.toLowerCase())) {
          addIssue({
            path: [{ type: "object", origin: "key", input: {}, key, value }],
            message: message(
              () => `"${shorten(key)}" stands there twice, in another case`,
              "remove one of them",
            ),
          });
        }
        seen.add(key.toLowerCase());
      }
    }),
  );

const headerChanges = (name: typeof HeaderNameSchema | typeof SentNameSchema) =>
  strictObject(
    {
      set: v.exactOptional(headerValues(name)),
      add: v.exactOptional(headerValues(name)),
      remove: v.exactOptional(
        list(RemovedNameSchema, expected("be a list of names", 'write ["x-name"]')),
      ),
    },
    words("list of header changes"),
  );

const RequestChangesSchema = headerChanges(SentNameSchema);

/** What is set, added and removed on the way back. */
const response = v.exactOptional(headerChanges(HeaderNameSchema));

/** The same of a policy that sends nothing on. */
export const ResponseHeadersSchema = strictObject({ response }, words("headers field"));

/** What is set, added and removed on the way to the origin and on the way back. */
export const HeadersSchema = strictObject(
  {
    request: v.exactOptional(RequestChangesSchema),
    response,
  },
  words("headers field"),
);

/** Until the origin's response head, in milliseconds. */
export const TimeoutSchema = whole(1, MAX_TIMEOUT_MS, 5000);

/** Why a text is not an origin, or `undefined` where it is one. Private addresses are judged in `check.ts`. */
function originFault(value: string): { readonly told: string | undefined } | undefined {
  const url = URL.parse(value);
  if (value.length > MAX_URL_CHARS)
    return {
      told: message(
        () => `is not an origin: it has more than ${MAX_URL_CHARS} characters`,
        "shorten it",
      ),
    };
  if (url === null)
    return {
      told: message(
        "is not an origin: it is not a URL",
        'write it whole, for example "https://www.example.com"',
      ),
    };
  if (url.protocol !== "https:" && url.protocol !== "http:")
    return {
      told: message(
        () => `is not an origin: it has the scheme "${url.protocol.slice(0, -1)}"`,
        "use https:// or http://",
      ),
    };
  if (url.username !== "" || url.password !== "")
    return {
      told: message(
        "is not an origin: it holds credentials",
        "take them out; send them with headers.request.set",
      ),
    };
  if (value.includes("?"))
    return {
      told: message(
        "is not an origin: it holds a query",
        "take it out; the visitor's query is sent on",
      ),
    };
  if (value.includes("#"))
    return {
      told: message(
        "is not an origin: it holds a fragment",
        "take it out; fragments are never sent",
      ),
    };
  if (!/^https?:\/\/[^/]/i.test(value) || value.includes("\\") || /\s/.test(value))
    return {
      told: message(
        "is not an origin: it is not written as a URL",
        'write it as "https://host/path"',
      ),
    };
  if (/\/\.{1,2}(?:\/|$)/.test(normalPath(value)))
    return {
      told: message("is not an origin: it holds dot segments", "write the path it leads to"),
    };
  return undefined;
}

/** An origin as text: http or https, host, port, and a base path that is kept. */
export const OriginUrlSchema = v.pipe(
  v.string(
    expected(
      'be an origin: a URL, or an object with "url"',
      'write for example "https://www.example.com"',
    ),
  ),
  v.rawCheck(({ dataset, addIssue }) => {
    const fault = dataset.typed ? originFault(dataset.value) : undefined;
    if (fault !== undefined) addIssue({ message: fault.told });
  }),
);

const OriginObjectSchema = strictObject(
  {
    url: OriginUrlSchema,
    resolve: v.exactOptional(HostNameSchema),
    headers: v.exactOptional(HeadersSchema),
    timeoutMs: v.exactOptional(TimeoutSchema),
    rewrite: v.exactOptional(RewriteSchema),
  },
  words("origin"),
);

/** An origin in either form: a URL, or an object that says more of it. */
export const OriginSchema = v.lazy((input) =>
  typeof input === "object" && input !== null ? OriginObjectSchema : OriginUrlSchema,
);

export type HeaderChanges = v.InferOutput<typeof RequestChangesSchema>;
export type Headers = v.InferOutput<typeof HeadersSchema>;
export type OriginInput = v.InferOutput<typeof OriginSchema>;
