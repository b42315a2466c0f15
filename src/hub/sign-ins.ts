import type { HubPlatform } from "./platform.ts";

/** Codes of one token that wait in one shard: more than anybody opens in ten minutes; of more, the oldest go. */
const MAX_WAITING = 16;

/** A code by which one may sign in once. Neither the code nor the token can be told from it. */
export interface SignIn {
  /** The SHA-256 of the code. */
  readonly digest: string;
  /** The SHA-256 of the token that it was made with. */
  readonly token: string;
  /** Until when it is good (ms since the epoch). */
  readonly until: number;
}

/** The sign-in codes of one shard. */
export class SignIns {
  readonly #platform: Pick<HubPlatform, "sql" | "transaction" | "now">;

  constructor(platform: Pick<HubPlatform, "sql" | "transaction" | "now">) {
    this.#platform = platform;
  }

  /** Keeps a code; all that are over go with it. */
  keep({ digest, token, until }: SignIn): void {
    const { sql, transaction, now } = this.#platform;
    transaction(() => {
      sql.exec("DELETE FROM sign_in_codes WHERE until <= ?", now());
      sql.exec(
        `DELETE FROM sign_in_codes WHERE digest IN
           (SELECT digest FROM sign_in_codes WHERE token = ? ORDER BY until DESC LIMIT -1 OFFSET ?)`,
        token,
        MAX_WAITING - 1,
      );
      sql.exec(
        "INSERT OR REPLACE INTO sign_in_codes (digest, token, until) VALUES (?, ?, ?)",
        digest,
        token,
        until,
      );
    });
  }

  /** Uses a code up: gives the token's digest, once and in time. */
  take(digest: string): string | undefined {
    const { sql, now } = this.#platform;
    const [row] = sql
      .exec<{ token: string; until: number }>(
        "DELETE FROM sign_in_codes WHERE digest = ? RETURNING token, until",
        digest,
      )
      .toArray();
    return row !== undefined && row.until > now() ? row.token : undefined;
  }
}
