import type { Override } from "../../policy/facts.ts";
import type { Claim } from "../../override/token.ts";
import {
  MAX_TOKEN_CHARS,
  TOKEN_PARAMETER,
  TOKEN_PREFIX,
  tokenKey,
  verifyToken,
} from "../../override/token.ts";
import { OVERRIDE_COOKIE, readCookie } from "../respond/cookies.ts";

/** A QA link's session lasts no longer than this (s), whatever the token says. */
export const MAX_OVERRIDE_SECONDS = 86_400;

/** An override a request carries, and what to do about it. */
export interface OverrideState {
  readonly override: Override | undefined;
  /** The token to keep in a cookie, and for how long: where it came by link and holds. */
  readonly keep: { readonly token: string; readonly seconds: number } | undefined;
  /** The query without our token; every other parameter as it came. */
  readonly search: string;
}

/** Takes our token out of a query, and nothing else: a parameter of the same name that is not a token stays. */
export function takeToken(search: string): { token: string | undefined; search: string } {
  const start = `${TOKEN_PARAMETER}=${TOKEN_PREFIX}`;
  if (!search.includes(start)) return { token: undefined, search };
  const parts = search.slice(1).split("&");
  const token = parts.find((part) => part.startsWith(start));
  const rest = parts.filter((part) => !part.startsWith(start)).join("&");
  return { token: token?.slice(TOKEN_PARAMETER.length + 1), search: rest === "" ? "" : `?${rest}` };
}

/** A `Referer` without our token: the page after a QA link names that link. */
export function refererWithoutToken(referer: string): string {
  const query = referer.indexOf("?");
  return query === -1 ? referer : referer.slice(0, query) + takeToken(referer.slice(query)).search;
}

/** Where a token may stand in a request. */
export interface Visit {
  readonly search: string;
  /** The whole `Cookie` field; empty for none. */
  readonly cookies: string;
  readonly now: number;
}

/** Checks tokens with one secret, whose key is made once. */
export class Overrides {
  readonly #secret: string | undefined;
  #key: CryptoKey | undefined;

  constructor(secret: string | undefined) {
    this.#secret = secret;
  }

  async #verify(token: string): Promise<Claim | undefined> {
    if (this.#secret === undefined || token.length > MAX_TOKEN_CHARS) return undefined;
    this.#key ??= await tokenKey(this.#secret);
    return verifyToken(token, this.#key);
  }

  /** What the request carries for this route: by link first, then by cookie; nothing, at no cost, for most. */
  read({ search, cookies, now }: Visit, route: string): Promise<OverrideState> | OverrideState {
    const link = takeToken(search);
    const token = link.token ?? readCookie(cookies, OVERRIDE_COOKIE)[0];
    if (token === undefined) return { override: undefined, keep: undefined, search: link.search };
    return this.#judge(token, link, route, now);
  }

  async #judge(
    token: string,
    link: { token: string | undefined; search: string },
    route: string,
    now: number,
  ): Promise<OverrideState> {
    const refuse = (fault: "no-secret" | "forged" | "expired" | "other-route"): OverrideState => ({
      override: { ok: false, fault },
      keep: undefined,
      search: link.search,
    });
    if (this.#secret === undefined) return refuse("no-secret");
    const claim = await this.#verify(token);
    if (claim === undefined) return refuse("forged");
    if (claim.expiresAt <= now) return refuse("expired");
    if (claim.route !== route) return refuse("other-route");
    const seconds = Math.min(MAX_OVERRIDE_SECONDS, Math.ceil((claim.expiresAt - now) / 1000));
    return {
      override: { ok: true, variant: claim.variant },
      keep: link.token === undefined ? undefined : { token, seconds },
      search: link.search,
    };
  }
}
