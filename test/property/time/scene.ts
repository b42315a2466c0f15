import type { Facts, Override } from "../../../src/policy/facts.ts";
import { encodeVisitor, pinOf, type Visitor } from "../../../src/decide/visitor.ts";
import { compile } from "../../../src/policy/compile.ts";
import type { CompiledPolicy } from "../../../src/policy/compiled.ts";
import { renderIssue } from "../../../src/lib/issue.ts";
import { parseValue } from "../../../src/policy/parse.ts";

/** The route that these policies stand under. */
export const ROUTE = "shop";

/** The id a new visitor gets where a scene says nothing: 22 characters, as the platform draws them. */
const NEWCOMER = "newcomer-newcomer-newc";

/** The policy as the gateway would serve it. Throws with every issue where it is not valid. */
export function compiled(policy: unknown, key: string = ROUTE): CompiledPolicy {
  const parsed = parseValue(policy, { allowPrivateOrigins: false });
  if (!parsed.ok) throw new Error(parsed.issues.map(renderIssue).join("\n"));
  return compile(parsed.policy, key);
}

/** Milliseconds since the epoch as a policy writes them. */
export const iso = (ms: number): string => new Date(ms).toISOString();

/** What a test says of a request; the rest is an anonymous GET of `/`. */
export interface Scene {
  readonly now?: number;
  readonly method?: string;
  readonly host?: string;
  readonly path?: string;
  readonly country?: string | undefined;
  readonly ip?: string | undefined;
  readonly bot?: boolean;
  readonly headers?: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, readonly string[]>>;
  readonly cookies?: Readonly<Record<string, readonly string[]>>;
  readonly draw?: string;
  readonly override?: Override | undefined;
}

/** The facts of a scene. */
export function factsOf(scene: Scene = {}): Facts {
  return {
    method: scene.method ?? "GET",
    host: scene.host ?? "shop.example.com",
    path: scene.path ?? "/",
    now: scene.now ?? 0,
    country: () => scene.country,
    scheme: "https",
    continent: () => undefined,
    region: () => undefined,
    asn: () => undefined,
    eu: () => false,
    ip: () => scene.ip,
    bot: () => scene.bot ?? false,
    header: (name) => scene.headers?.[name],
    query: (name) => scene.query?.[name] ?? [],
    cookie: (name) => scene.cookies?.[name] ?? [],
    randomId: () => scene.draw ?? NEWCOMER,
    override: scene.override,
  };
}

/** An id of the cookie's form that is another one for each number. */
export const visitorId = (number: number): string => `v${number}`.padEnd(22, "-");

/** A visitor's cookie: seen long ago and just sent, unless the test says otherwise. */
export function cookieOf(
  visitor: Pick<Visitor, "id"> & Partial<Visitor>,
): Record<string, readonly string[]> {
  return { sy: [encodeVisitor({ seenAt: 0, sentAt: 0, pins: [], ...visitor })] };
}

/** The cookie of a visitor pinned to a variant in the split with this effective salt. */
export function pinnedCookie(
  id: string,
  salt: string,
  variant: string,
): Record<string, readonly string[]> {
  return cookieOf({ id, pins: [pinOf(salt, variant)] });
}
