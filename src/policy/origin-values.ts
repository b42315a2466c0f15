import * as v from "valibot";

import { isOriginBinding, MAX_BINDING_CHARS } from "../lib/binding-name.ts";
import { expected, message, strictObject, words } from "../lib/strict-object.ts";
import { normalPath } from "../lib/path.ts";
import { HeadersSchema } from "./header-values.ts";
import { HostNameSchema } from "./host-name.ts";
import { MAX_URL_CHARS } from "./limits.ts";
import { RewriteSchema } from "./rewrite.ts";
import { TimeoutSchema } from "./values.ts";

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

/** A binding to go through. Whether the gateway has it is judged in `check.ts`. */
const ViaSchema = v.pipe(
  v.string(expected("be the name of a binding", 'write for example "API"')),
  v.check(
    isOriginBinding,
    expected(
      () =>
        `be the name of a binding: letters, digits and underscores, at most ${MAX_BINDING_CHARS}, and none of Switchyard's own`,
      "use one that the var ORIGIN_BINDINGS lists",
    ),
  ),
);

const OriginObjectSchema = strictObject(
  {
    url: OriginUrlSchema,
    via: v.exactOptional(ViaSchema),
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

export type OriginInput = v.InferOutput<typeof OriginSchema>;
