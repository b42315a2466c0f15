import { isbot } from "isbot";
import * as v from "valibot";

import { strictObject, record, expected } from "../lib/strict-object.ts";
import { instant } from "../lib/instant.ts";
import { pathBelow, type Candidate } from "../policy/keys.ts";
import { cookiesIn, parametersIn, type NamedValues } from "../lib/named-values.ts";
import { normalPath } from "../lib/path.ts";
import { FlagSchema, InstantSchema, TokenSchema, whole } from "../policy/values.ts";
import type { Facts, Override } from "../policy/facts.ts";
import { encodeVisitor } from "./visitor.ts";

/** Characters of a `User-Agent` that are judged, as the gateway judges them: crawlers declare themselves in the first words. */
const MAX_AGENT_CHARS = 1000;

/** Characters of a described URL or header value: servers commonly refuse longer ones. */
export const MAX_DESCRIPTION_CHARS = 8192;

const line = (what: string, example: string) =>
  v.pipe(
    v.string(expected(`be ${what}`, example)),
    v.maxLength(
      MAX_DESCRIPTION_CHARS,
      expected(`have at most ${MAX_DESCRIPTION_CHARS} characters`, example),
    ),
    v.regex(
      /^[\t\x20-\x7E]*$/,
      expected("hold visible ASCII characters only", "encode the others"),
    ),
  );

const UrlSchema = v.pipe(
  line("a URL", 'write it whole, for example "https://shop.example.com/cart"'),
  v.check(
    (text) => /^https?:$/.test(URL.parse(text)?.protocol ?? ""),
    expected(
      "be an http or https URL",
      'write it whole, for example "https://shop.example.com/cart"',
    ),
  ),
);

const code = (form: RegExp, what: string, example: string) =>
  v.pipe(
    v.string(expected(`be ${what}`, `write for example ${example}`)),
    v.regex(form, expected(`be ${what}`, `write for example ${example}`)),
  );

/** Autonomous systems have numbers of 32 bits (RFC 6793). */
const MAX_ASN = 4_294_967_295;

/** A request in words, for `explain` and `preview`: what it does not say is as if a newcomer had sent it. */
export const RequestDescriptionSchema = strictObject(
  {
    url: UrlSchema,
    method: v.exactOptional(TokenSchema),
    headers: v.exactOptional(
      record(
        TokenSchema,
        line("a header's value", "write it in quotes"),
        expected("be an object of header names and values", 'write {"x-beta": "1"}'),
      ),
    ),
    country: v.exactOptional(code(/^[A-Za-z0-9]{2}$/, "a two-letter country code", '"SE"')),
    continent: v.exactOptional(code(/^[A-Za-z]{2}$/, "a two-letter continent code", '"EU"')),
    region: v.exactOptional(
      code(/^[A-Za-z0-9]{1,3}$/, "the code of a region without its country", '"BY"'),
    ),
    asn: v.exactOptional(whole(0, MAX_ASN, 13_335)),
    eu: v.exactOptional(FlagSchema),
    ip: v.exactOptional(line("an address", 'write for example "192.0.2.1"')),
    bot: v.exactOptional(FlagSchema),
    visitor: v.exactOptional(
      v.pipe(
        v.string(expected("be a visitor's id", "take it out of the visitor cookie")),
        v.regex(
          /^[A-Za-z0-9_-]{22}$/,
          expected("be a visitor's id of 22 characters", "take it out of the visitor cookie"),
        ),
      ),
    ),
    seenAt: v.exactOptional(InstantSchema),
    at: v.exactOptional(InstantSchema),
  },
  "request",
);

export type RequestDescription = v.InferOutput<typeof RequestDescriptionSchema>;

/** The URL of a described request, as the gateway parses it. */
export function urlOfDescription(described: RequestDescription): {
  readonly url: URL;
  readonly path: string;
} {
  const url = new URL(described.url);
  return { url, path: normalPath(url.pathname) };
}

/** When a described request arrives (ms): at its own time, else now. */
export function timeOfDescription({ at }: RequestDescription, now: number): number {
  return (at === undefined ? undefined : instant(at)) ?? now;
}

/** What the description itself cannot know. */
export interface DescriptionContext {
  /** The key the policy was found under, with the segment it takes off the path. */
  readonly candidate: Candidate;
  /** Names of the policy's visitor cookies: a `visitor` arrives with each of them. */
  readonly cookieNames: readonly string[];
  readonly now: number;
  /** What a newcomer draws. */
  readonly randomId: () => string;
  readonly override: Override | undefined;
}

/** The cookies of a described request, read as the gateway reads them; the fields of one name in another case are one. */
export function cookiesOfDescription({ headers = {} }: RequestDescription): NamedValues {
  const fields = Object.entries(headers).filter(([name]) => name.toLowerCase() === "cookie");
  return cookiesIn(fields.map(([, value]) => value).join("; "));
}

/** The facts the gateway would see if the described request came in. Pure. */
export function factsOfDescription(
  described: RequestDescription,
  around: DescriptionContext,
): Facts {
  const { url, path } = urlOfDescription(described);
  const headers = new Map(
    Object.entries(described.headers ?? {}).map(([name, value]) => [
      name.toLowerCase(),
      value.trim(),
    ]),
  );
  const cookies = cookiesOfDescription(described);
  const known = new Map<string, readonly string[]>();
  if (described.visitor !== undefined) {
    const seenAt =
      (described.seenAt === undefined ? undefined : instant(described.seenAt)) ?? around.now;
    const value = encodeVisitor({ id: described.visitor, seenAt, sentAt: seenAt, pins: [] });
    for (const name of around.cookieNames) if (cookies(name).length === 0) known.set(name, [value]);
  }
  let bot = described.bot;
  return {
    method: described.method?.toUpperCase() ?? "GET",
    scheme: url.protocol === "https:" ? "https" : "http",
    host: url.hostname,
    path: pathBelow(path, around.candidate),
    now: around.now,
    country: () => described.country?.toUpperCase(),
    continent: () => described.continent?.toUpperCase(),
    region: () => described.region?.toUpperCase(),
    asn: () => (described.asn === undefined ? undefined : String(described.asn)),
    eu: () => described.eu ?? false,
    ip: () => described.ip,
    bot: () => (bot ??= isbot(headers.get("user-agent")?.slice(0, MAX_AGENT_CHARS) ?? null)),
    header: (name) => headers.get(name),
    query: parametersIn(url.search),
    cookie: (name) => known.get(name) ?? cookies(name),
    randomId: around.randomId,
    override: around.override,
  };
}
