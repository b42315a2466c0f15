import { createHash, randomBytes } from "node:crypto";

import { ROLES, type Role } from "../../lib/roles.ts";
import { usage } from "../failure.ts";
import type { Grant } from "./grants-file.ts";

/** As many random bits as SHA-256 tells apart (bytes). */
const TOKEN_BYTES = 32;

/** Scanners of repositories find a token that leaked by what it begins with. */
const TOKEN_PREFIX = "sy_";

/** The name of a token, as `ADMIN_TOKENS` takes it: it is the author of every change made with the token. */
const NAME = /^[\x21-\x7E]{1,64}$/;

/** Characters that may stand in the pattern of a scope: those of route keys, and `*`. */
const SCOPE = /^[A-Za-z0-9._*-]{1,253}$/;

function roleOf(text: string): Role {
  const role = ROLES.find((one) => one === text);
  if (role !== undefined) return role;
  throw usage(`"${text}" is not a role`, `--role is one of ${ROLES.join(", ")}`);
}

function scopeOf(patterns: readonly string[]): string | readonly string[] {
  const wrong = patterns.find((pattern) => !SCOPE.test(pattern));
  if (wrong !== undefined)
    throw usage(`"${wrong}" covers no route key`, 'write for example --scope "*.example.com"');
  const [only = "*", ...more] = patterns;
  return more.length === 0 ? only : patterns;
}

/** What a new token is to be good for. */
export interface Asked {
  readonly name: string;
  readonly role: string;
  /** Patterns of route keys; every route where there is none. */
  readonly scope: readonly string[];
}

/** A new token of random bits, and the entry by which the control plane knows it. Throws a usage failure for what no entry may say. */
export function newToken({ name, role, scope }: Asked): {
  readonly token: string;
  readonly grant: Grant;
} {
  if (!NAME.test(name))
    throw usage(
      "the name of a token is 1 to 64 visible ASCII characters, without spaces",
      "name who will use it, for example: sy token create deploy --role write",
    );
  const meant = { role: roleOf(role), scope: scopeOf(scope) };
  const token = TOKEN_PREFIX + randomBytes(TOKEN_BYTES).toString("base64url");
  const sha256 = createHash("sha256").update(token).digest("hex");
  return { token, grant: { name, sha256, ...meant } };
}
