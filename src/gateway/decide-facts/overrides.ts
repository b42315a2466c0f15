import { TokenJudge, type OverrideConfig } from "../../override/judge.ts";
import { takeToken } from "../../override/query.ts";
import { OVERRIDE_COOKIE } from "../../override/token.ts";
import type { Override } from "../../policy/facts.ts";
import { readCookie } from "../respond/cookies.ts";

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

/** Where a token may stand in a request. */
export interface Visit {
  readonly search: string;
  /** The whole `Cookie` field; empty for none. */
  readonly cookies: string;
  readonly now: number;
}

/** Reads the overrides of requests, and judges them by one secret. */
export class Overrides {
  readonly #judge: TokenJudge;

  constructor(config: OverrideConfig) {
    this.#judge = new TokenJudge(config);
  }

  /** What the request carries for this route: by link first, then by cookie; nothing, at no cost, for most. */
  read({ search, cookies, now }: Visit, route: string): Promise<OverrideState> | OverrideState {
    const link = takeToken(search);
    const token = link.token ?? readCookie(cookies, OVERRIDE_COOKIE)[0];
    if (token === undefined) return { override: undefined, keep: undefined, search: link.search };
    return this.#stateOf(token, link, route, now);
  }

  async #stateOf(
    token: string,
    link: { token: string | undefined; search: string },
    route: string,
    now: number,
  ): Promise<OverrideState> {
    const verdict = await this.#judge.judge(token, { route, now });
    if (!verdict.ok) return { override: verdict, keep: undefined, search: link.search };
    const { variant, expiresAt } = verdict.claim;
    const seconds = Math.min(MAX_OVERRIDE_SECONDS, Math.ceil((expiresAt - now) / 1000));
    return {
      override: { ok: true, variant },
      keep: link.token === undefined ? undefined : { token, seconds },
      search: link.search,
    };
  }
}
