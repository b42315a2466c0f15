import * as fc from "fast-check";
import type { Facts, Override } from "../../../src/policy/facts.ts";
import { encodeVisitor, MAX_PINS, pinOf, type Visitor } from "../../../src/decide/visitor.ts";
import { requestHeaders } from "./origins.ts";
import { paths } from "./paths.ts";
import { clocks, dictionary, ids, names, oftenOf, POOL, tokens, values } from "./text.ts";

/** What a request says, as data: {@link factsFrom} makes the look-ups of it. */
export interface Scene {
  readonly method?: string;
  readonly host?: string;
  readonly path?: string;
  readonly now?: number;
  readonly country?: string | undefined;
  readonly ip?: string | undefined;
  readonly bot?: boolean;
  readonly headers?: Readonly<Record<string, string>>;
  readonly queries?: Readonly<Record<string, readonly string[]>>;
  readonly cookies?: Readonly<Record<string, readonly string[]>>;
  readonly draw?: string;
  readonly override?: Override | undefined;
}

/** A time on which nothing depends. */
export const NOW: number = Date.UTC(2026, 10, 23, 12);

/** An id that a gateway might have drawn. */
export const FRESH_ID = "AAAAAAAAAAAAAAAAAAAAAA";

/** The facts of a request; what the scene leaves out is that of a plain GET by a newcomer. */
export function factsFrom(scene: Scene = {}): Facts {
  const own = <T>(from: Readonly<Record<string, T>> | undefined, name: string): T | undefined =>
    from !== undefined && Object.hasOwn(from, name) ? from[name] : undefined;
  return {
    method: scene.method ?? "GET",
    host: scene.host ?? "shop.example.com",
    path: scene.path ?? "/",
    now: scene.now ?? NOW,
    country: () => scene.country,
    scheme: "https",
    continent: () => undefined,
    region: () => undefined,
    asn: () => undefined,
    eu: () => false,
    ip: () => scene.ip,
    bot: () => scene.bot ?? false,
    header: (name) => own(scene.headers, name),
    query: (name) => own(scene.queries, name) ?? [],
    cookie: (name) => own(scene.cookies, name) ?? [],
    randomId: () => scene.draw ?? FRESH_ID,
    override: scene.override,
  };
}

/** The scene of a visitor who brings our cookie, under its default name. */
export const withCookie = (visitor: Visitor, name = "sy"): Scene => ({
  cookies: { [name]: [encodeVisitor(visitor)] },
});

/** A pin holds its salt's digest alone: to which salt it belongs is all that matters. */
const pinSalts = fc.nat(999).map(String);

const pinLists = (minLength: number) =>
  fc
    .array(fc.tuple(pinSalts, names), { minLength, maxLength: MAX_PINS })
    .map((pairs) => pairs.map(([salt, name]) => pinOf(salt, name)));

/** A known visitor; pins to the variants that policies of this folder use, and to others. */
export const visitors: fc.Arbitrary<Visitor> = fc.record(
  {
    id: ids,
    // A client may send whatever it likes behind its id.
    check: fc.stringMatching(/^[A-Za-z0-9_-]{5}$/),
    seenAt: clocks,
    sentAt: clocks,
    // None, a few, or as many as there may be: the next one then pushes the oldest out.
    pins: fc.oneof(pinLists(0), pinLists(MAX_PINS)),
  },
  { requiredKeys: ["id", "seenAt", "sentAt", "pins"] },
);

/** Values of our cookie that are none, or none any more. */
const malformed = fc.oneof(
  fc.constantFrom("", "1", "1.", "2.AAAAAAAAAAAAAAAAAAAAAA.1.1", "1.short.1.1", "x".repeat(5000)),
  fc.string({ maxLength: 40 }),
);

export const visitorValues: fc.Arbitrary<string> = fc.oneof(
  { arbitrary: visitors.map(encodeVisitor), weight: 3 },
  { arbitrary: malformed, weight: 1 },
);

const overrides: fc.Arbitrary<Override> = fc.oneof(
  names.map((variant) => ({ ok: true as const, variant })),
  fc
    .constantFrom("expired", "forged", "other-route", "other-environment", "no-secret")
    .map((fault) => ({ ok: false as const, fault })),
);

const listed = (one: fc.Arbitrary<string>) => fc.array(one, { minLength: 1, maxLength: 2 });

/** What an arbitrary request says: often what arbitrary policies ask about. */
export const scenes: fc.Arbitrary<Scene> = fc.record({
  method: fc.constantFrom("GET", "HEAD", "POST", "OPTIONS"),
  host: fc.constantFrom("shop.example.com", "example", "[::1]"),
  path: paths,
  now: clocks,
  country: fc.option(fc.constantFrom(...POOL.countries), { nil: undefined }),
  ip: fc.option(fc.constantFrom("192.0.2.7", "2001:db8::7"), { nil: undefined }),
  bot: fc.boolean(),
  headers: fc
    .tuple(
      dictionary(
        requestHeaders.map((name) => name.toLowerCase()),
        values,
      ),
      fc.option(names),
    )
    .map(([headers, force]) =>
      force === null ? headers : { ...headers, "x-switchyard-force": force },
    ),
  queries: dictionary(oftenOf(POOL.queries, fc.string({ maxLength: 6 })), listed(values)),
  cookies: dictionary(
    tokens(POOL.cookies),
    listed(fc.oneof(fc.constantFrom("1", "yes"), visitorValues)),
  ),
  draw: ids,
  override: fc.option(overrides, { nil: undefined }),
});
