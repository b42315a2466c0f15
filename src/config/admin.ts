import * as v from "valibot";

import { GUARD_AUTHOR } from "../lib/guard.ts";
import { DEMO_DIGEST, isKnownDigest } from "../lib/known-digests.ts";
import { ROLES, type Role } from "../lib/roles.ts";
import type { ControlEnv } from "./control.ts";

/** What goes with a way to prove who one is. */
interface Grant {
  readonly role: Role;
  /** Patterns of route keys, `*` for any characters. */
  readonly scope: readonly string[];
}

/** Who may call the control plane, and where. */
export interface AdminConfig {
  /** The hosts it answers on; every host where there is none. */
  readonly hosts: readonly string[];
  readonly tokens: readonly (Grant & { readonly name: string; readonly sha256: string })[];
  /** By the e-mail address that Cloudflare Access vouches for, `*` for any characters; of one application of one team alone. */
  readonly access: readonly (Grant & {
    readonly email: string;
    readonly aud: string;
    readonly team: string;
  })[];
  /** Signs sessions of the console, 64 hexadecimal digits; without one nobody signs in there by a token. */
  readonly sessionKey?: string | undefined;
}

const SESSION_KEY_MESSAGE = "SESSION_KEY must be 64 hexadecimal digits";

const grant = () => ({
  role: v.picklist(ROLES, 'a role must be "read", "operate" or "write"'),
  scope: v.pipe(
    v.union(
      [v.string(), v.array(v.string())],
      'a scope must be a pattern of route keys or a list of them, for example "shop-*"',
    ),
    v.transform((scope): readonly string[] => (typeof scope === "string" ? [scope] : scope)),
  ),
});

const grants = <const TEntries extends v.ObjectEntries>(name: string, entries: TEntries) =>
  v.optional(
    v.pipe(
      v.string(),
      v.parseJson(undefined, `${name} is not JSON`),
      v.array(
        v.strictObject({ ...grant(), ...entries }, `${name} has an entry with wrong fields`),
        `${name} must be a list`,
      ),
    ),
    "[]",
  );

const adminSchema = () =>
  v.object({
    ADMIN_HOST: v.optional(
      v.pipe(
        v.string(),
        v.toLowerCase(),
        v.regex(
          /^(?:[a-z0-9._-]+|\[[0-9a-f:]+\])?(?: *, *(?:[a-z0-9._-]+|\[[0-9a-f:]+\]))*$/,
          "ADMIN_HOST must be a host name without a port, or several with commas between",
        ),
      ),
      "",
    ),
    ADMIN_ACCESS: grants("ADMIN_ACCESS", {
      email: v.pipe(v.string(), v.minLength(1, "an email must not be empty")),
      aud: v.pipe(
        v.string("an aud must be the application's AUD tag"),
        v.regex(
          /^[0-9a-f]{64}$/,
          "an aud must be the application's AUD tag, 64 hexadecimal digits",
        ),
      ),
      team: v.pipe(
        v.string("a team must be the name in front of .cloudflareaccess.com"),
        v.regex(/^[a-z0-9-]{1,63}$/, "a team must be the name in front of .cloudflareaccess.com"),
      ),
    }),
    SESSION_KEY: v.optional(
      v.pipe(v.string(SESSION_KEY_MESSAGE), v.regex(/^[0-9a-fA-F]{64}$/, SESSION_KEY_MESSAGE)),
    ),
    ADMIN_TOKENS: grants("ADMIN_TOKENS", {
      name: v.pipe(
        v.string(),
        v.regex(/^[\x21-\x7E]{1,64}$/, "a name must be 1 to 64 characters"),
        v.check(
          (name) => name !== GUARD_AUTHOR,
          `the name "${GUARD_AUTHOR}" is the guards' own: choose another one`,
        ),
      ),
      sha256: v.pipe(
        v.string(),
        v.regex(/^[0-9a-f]{64}$/, "a sha256 must be 64 hexadecimal digits in lower case"),
        v.check(
          (digest) => !isKnownDigest(digest),
          "a sha256 is that of a word everybody can guess; make a token of random bits",
        ),
      ),
    }),
  });

/**
 * Who may call the control plane, or why it is off. Apart from {@link readControl}, and never
 * throwing: a slip in a secret must not stop the ledgers. No message holds a value.
 */
export function readAdmin(
  env: ControlEnv,
): { readonly on: true; readonly admin: AdminConfig } | { readonly on: false; why: string } {
  const result = v.safeParse(adminSchema(), env);
  if (!result.success) {
    return { on: false, why: result.issues.map((issue) => issue.message).join("; ") };
  }
  const { ADMIN_HOST, ADMIN_ACCESS, ADMIN_TOKENS, SESSION_KEY } = result.output;
  const isDemo = ADMIN_TOKENS.some(({ sha256 }) => sha256 === DEMO_DIGEST);
  if (isDemo && env.ALLOW_PRIVATE_ORIGINS !== "true")
    return { on: false, why: "ADMIN_TOKENS has the token of npm start, which everybody knows" };
  if (ADMIN_ACCESS.length + ADMIN_TOKENS.length === 0)
    return { on: false, why: "neither ADMIN_TOKENS nor ADMIN_ACCESS names anybody" };
  return {
    on: true,
    admin: {
      hosts: ADMIN_HOST.split(",")
        .map((host) => host.trim())
        .filter((host) => host !== ""),
      tokens: ADMIN_TOKENS,
      access: ADMIN_ACCESS,
      sessionKey: SESSION_KEY,
    },
  };
}
