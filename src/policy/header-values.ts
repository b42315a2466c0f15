import * as v from "valibot";

import { expected, list, message, record, strictObject, words } from "../lib/strict-object.ts";
import { isPolicySecret, MAX_SECRET_NAME_CHARS, SECRET_PREFIX } from "../lib/secret-name.ts";
import { isForgery, isManaged, isRemovable } from "./header-names.ts";
import { shorten } from "../lib/shorten.ts";
import { MAX_HEADER_VALUE_CHARS, MAX_ISSUES } from "./limits.ts";
import { TokenSchema } from "./values.ts";

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

const TextSchema = v.pipe(
  v.string(expected("be text", "write the header's value in quotes")),
  v.maxLength(
    MAX_HEADER_VALUE_CHARS,
    expected(() => `have at most ${MAX_HEADER_VALUE_CHARS} characters`, "shorten it"),
  ),
  // RFC 9110 §5.5: visible ASCII, space and tab. Anything else is a way to inject a header or is mangled on its way.
  v.regex(/^[\t\x20-\x7E]*$/, expected("hold visible ASCII characters only", "encode the others")),
);

/** The value of a secret of the gateway's, which stands in no policy. */
const SecretSchema = strictObject(
  {
    secret: v.pipe(
      v.string(expected("be the name of a secret", 'write for example "POLICY_TOKEN"')),
      v.check(
        isPolicySecret,
        expected(
          () =>
            `be the name of a secret: ${SECRET_PREFIX} and letters, digits or underscores, at most ${MAX_SECRET_NAME_CHARS} characters`,
          () => `name it so: npx wrangler secret put ${SECRET_PREFIX}TOKEN`,
        ),
      ),
    ),
  },
  words("header value"),
);

const HeaderValueSchema = v.lazy((input): v.GenericSchema<string | { secret: string }> =>
  typeof input === "object" && input !== null ? SecretSchema : TextSchema,
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

/** The header changes of a policy that sends nothing on. */
export const ResponseHeadersSchema = strictObject({ response }, words("headers field"));

/** What is set, added and removed on the way to the origin and on the way back. */
export const HeadersSchema = strictObject(
  {
    request: v.exactOptional(RequestChangesSchema),
    response,
  },
  words("headers field"),
);

export type HeaderChanges = v.InferOutput<typeof RequestChangesSchema>;
export type Headers = v.InferOutput<typeof HeadersSchema>;
