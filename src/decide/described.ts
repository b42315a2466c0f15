import { parseCookie } from "cookie-es";
import { isbot } from "isbot";
import * as v from "valibot";

import { exact, say } from "../policy/exact.ts";
import { instant } from "../policy/instant.ts";
import { pathBelow, type Candidate } from "../policy/keys.ts";
import { normalPath } from "../policy/path.ts";
import { FlagSchema, InstantSchema, TokenSchema } from "../policy/values.ts";
import type { Facts, Override } from "./facts.ts";
import { encodeVisitor } from "./visitor.ts";

/** Characters of a described URL or header value: servers commonly refuse longer ones. */
export const MAX_DESCRIBED_CHARS = 8192;

const line = (what: string, example: string) =>
  v.pipe(
    v.string(say(`be ${what}`, example)),
    v.maxLength(
      MAX_DESCRIBED_CHARS,
      say(`have at most ${MAX_DESCRIBED_CHARS} characters`, example),
    ),
    v.regex(/^[\t\x20-\x7E]*$/, say("hold visible ASCII characters only", "encode the others")),
  );

const UrlSchema = v.pipe(
  line("a URL", 'write it whole, for example "https://shop.example.com/cart"'),
  v.check(
    (text) => /^https?:$/.test(URL.parse(text)?.protocol ?? ""),
    say("be an http or https URL", 'write it whole, for example "https://shop.example.com/cart"'),
  ),
);

/** A request in words, for `explain` and `preview`: what it does not say is as if a newcomer had sent it. */
export const DescribedSchema = exact(
  {
    url: UrlSchema,
    method: v.exactOptional(TokenSchema),
    headers: v.exactOptional(
      v.record(
        TokenSchema,
        line("a header's value", "write it in quotes"),
        say("be an object of header names and values", 'write {"x-beta": "1"}'),
      ),
    ),
    country: v.exactOptional(
      v.pipe(
        v.string(say("be a country", 'write for example "SE"')),
        v.regex(/^[A-Za-z0-9]{2}$/, say("be a two-letter country code", 'write for example "SE"')),
      ),
    ),
    ip: v.exactOptional(line("an address", 'write for example "192.0.2.1"')),
    bot: v.exactOptional(FlagSchema),
    visitor: v.exactOptional(
      v.pipe(
        v.string(say("be a visitor's id", "take it out of the visitor cookie")),
        v.regex(
          /^[A-Za-z0-9_-]{22}$/,
          say("be a visitor's id of 22 characters", "take it out of the visitor cookie"),
        ),
      ),
    ),
    seenAt: v.exactOptional(InstantSchema),
    at: v.exactOptional(InstantSchema),
  },
  "request",
);

export type Described = v.InferOutput<typeof DescribedSchema>;

/** The URL of a described request, as the gateway parses it. */
export function describedUrl(described: Described): { readonly url: URL; readonly path: string } {
  const url = new URL(described.url);
  return { url, path: normalPath(url.pathname) };
}

/** When a described request arrives (ms): at its own time, else now. */
export function describedNow({ at }: Described, now: number): number {
  return (at === undefined ? undefined : instant(at)) ?? now;
}

/** What the description itself cannot know. */
export interface Surroundings {
  /** The key the policy was found under, with the segment it takes off the path. */
  readonly candidate: Candidate;
  /** Names of the policy's visitor cookies: a `visitor` arrives with each of them. */
  readonly cookieNames: readonly string[];
  readonly now: number;
  /** What a newcomer draws. */
  readonly draw: () => string;
  readonly override: Override | undefined;
}

/** All cookies of a described request by name, a field's repeats in order. */
export function describedCookies({ headers = {} }: Described): Map<string, readonly string[]> {
  const all = new Map<string, readonly string[]>();
  for (const [name, value] of Object.entries(headers)) {
    if (name.toLowerCase() !== "cookie") continue;
    for (const [one, found] of Object.entries(parseCookie(value, { allowMultiple: true }))) {
      if (found !== undefined) all.set(one, typeof found === "string" ? [found] : found);
    }
  }
  return all;
}

/** The facts the gateway would see if the described request came in. Pure. */
export function describedFacts(described: Described, around: Surroundings): Facts {
  const { url, path } = describedUrl(described);
  const headers = new Map(
    Object.entries(described.headers ?? {}).map(([name, value]) => [
      name.toLowerCase(),
      value.trim(),
    ]),
  );
  const cookies = describedCookies(described);
  if (described.visitor !== undefined) {
    const seenAt =
      (described.seenAt === undefined ? undefined : instant(described.seenAt)) ?? around.now;
    const value = encodeVisitor({ id: described.visitor, seenAt, sentAt: seenAt, pins: [] });
    for (const name of around.cookieNames) if (!cookies.has(name)) cookies.set(name, [value]);
  }
  return {
    method: described.method?.toUpperCase() ?? "GET",
    host: url.hostname,
    path: pathBelow(path, around.candidate),
    now: around.now,
    country: () => described.country?.toUpperCase(),
    ip: () => described.ip,
    bot: () => described.bot ?? isbot(headers.get("user-agent") ?? null),
    header: (name) => headers.get(name),
    query: (name) => url.searchParams.getAll(name),
    cookie: (name) => cookies.get(name) ?? [],
    draw: around.draw,
    override: around.override,
  };
}
