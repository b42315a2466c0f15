import { randomBytes } from "node:crypto";

import { flagsOf } from "./options.ts";
import { hasSecret, type Wrangler } from "./secret.ts";

/** The secret that control signs the console's sessions with. */
const SECRET = "SESSION_KEY";

const KEY_BYTES = 32;

/**
 * Gives control a key of sessions where it has none, and says what was done, or what is left to do.
 * The key stands in no argument, no file and no output. A `first` deployment has none, and nobody is asked.
 */
export function giveSessionKey(
  wrangler: Wrangler,
  env?: string,
  first = false,
): { readonly ok: boolean; readonly said: string } {
  const flags = flagsOf("control", env);
  const has = !first && hasSecret(wrangler, "control", SECRET, env);
  if (has === true) return { ok: true, said: "" };
  const isMade =
    has === false &&
    wrangler(["secret", "put", SECRET, ...flags], randomBytes(KEY_BYTES).toString("hex")).status ===
      0;
  if (isMade) return { ok: true, said: `${SECRET}: made, and given to control.` };
  return {
    ok: false,
    said: `control is deployed, but ${has === false ? "did not get its" : "it is not known whether it has a"} ${SECRET}: without one nobody signs in to the console by a token. Give it one:
    openssl rand -hex ${KEY_BYTES} | npx wrangler secret put ${SECRET} ${flags.join(" ")}`,
  };
}
