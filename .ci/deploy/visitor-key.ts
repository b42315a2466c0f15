import { randomBytes } from "node:crypto";

import { flagsOf, WORKERS } from "./options.ts";
import { hasSecret, type Wrangler } from "./secret.ts";

/** The secret that both Workers make visitors' digests with. */
const SECRET = "VISITOR_KEY";

const KEY_BYTES = 16;

const byHand = (
  env: string | undefined,
): string => `Both must have the same one, and nobody can read the one that is there. Give both a new one:
    KEY=$(openssl rand -hex ${KEY_BYTES})
${WORKERS.map((name) => flagsOf(name, env).join(" "))
  .map((flags) => `    printf %s "$KEY" | npx wrangler secret put ${SECRET} ${flags}`)
  .join("\n")}`;

/**
 * Gives both Workers one new key where neither has any, and says what was done, or what is left to do.
 * Of Workers that were deployed for the first time, which `first` says, it is known that they have none. The key stands in no argument, no file and no output.
 */
export function giveVisitorKey(
  wrangler: Wrangler,
  env?: string,
  first = false,
): {
  readonly ok: boolean;
  readonly said: string;
} {
  const control = !first && hasSecret(wrangler, "control", SECRET, env);
  const gateway =
    control === undefined ? undefined : !first && hasSecret(wrangler, "gateway", SECRET, env);
  if (control === undefined || gateway === undefined)
    return {
      ok: false,
      said: `Both Workers are deployed, but it is not known whether they have a ${SECRET}. See: npx wrangler secret list`,
    };
  if (control && gateway) return { ok: true, said: "" };
  if (control || gateway)
    return {
      ok: false,
      said: `${control ? "control" : "gateway"} has a ${SECRET} and ${control ? "gateway" : "control"} has none: there are no figures of visitors. ${byHand(env)}`,
    };
  const key = randomBytes(KEY_BYTES).toString("hex");
  for (const name of WORKERS) {
    const { status } = wrangler(["secret", "put", SECRET, ...flagsOf(name, env)], key);
    if (status !== 0)
      return { ok: false, said: `${name} did not get its ${SECRET}. ${byHand(env)}` };
  }
  return { ok: true, said: `${SECRET}: made, and given to both Workers.` };
}
