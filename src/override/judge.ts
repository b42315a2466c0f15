import {
  DEFAULT_ENVIRONMENT,
  MAX_TOKEN_CHARS,
  tokenKey,
  verifyToken,
  type Claim,
} from "./token.ts";

/** Why a token is not followed. */
type Fault = "no-secret" | "forged" | "expired" | "other-route" | "other-environment";

/** A token that holds, or why it does not. */
export type Verdict =
  | { readonly ok: true; readonly claim: Claim }
  | { readonly ok: false; readonly fault: Fault };

/** What a gateway judges tokens by. */
export interface OverrideConfig {
  readonly overrideSecret: string | undefined;
  /** The name that a token must be for. */
  readonly environment: string;
}

/** What a token is held against. */
export interface Visit {
  /** The KV key of the route that the request leads to. */
  readonly route: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** Judges tokens by one secret, whose key is made once. The gateway and `explain` judge by the same. */
export class TokenJudge {
  readonly #config: OverrideConfig;
  #key: CryptoKey | undefined;

  constructor(config: OverrideConfig) {
    this.#config = config;
  }

  /** Whether a token holds for a route now: signed with our secret, for this environment and route, and not expired. */
  async judge(token: string, { route, now }: Visit): Promise<Verdict> {
    const { overrideSecret, environment } = this.#config;
    if (overrideSecret === undefined) return { ok: false, fault: "no-secret" };
    if (token.length > MAX_TOKEN_CHARS) return { ok: false, fault: "forged" };
    this.#key ??= await tokenKey(overrideSecret);
    const claim = await verifyToken(token, this.#key);
    if (claim === undefined) return { ok: false, fault: "forged" };
    if ((claim.environment ?? DEFAULT_ENVIRONMENT) !== environment)
      return { ok: false, fault: "other-environment" };
    if (claim.expiresAt <= now) return { ok: false, fault: "expired" };
    if (claim.route !== route) return { ok: false, fault: "other-route" };
    return { ok: true, claim };
  }
}
