import * as v from "valibot";

import { DEMO_DIGEST, isKnownDigest } from "./lib/known-digests.ts";
import { ROLES, type Role } from "./lib/roles.ts";

declare global {
  namespace Cloudflare {
    /** What the Worker is bound to. Raw strings are read in this file and nowhere else. */
    interface Env {
      readonly ROUTING_CONFIG: KVNamespace;
      /** Optional: one row per request for Analytics Engine. */
      readonly METRICS?: AnalyticsEngineDataset;
      readonly TENANT_BY?: string;
      readonly EXPOSE_DECISION?: string;
      readonly ALLOW_PRIVATE_ORIGINS?: string;
      readonly TRUST_FORWARDED?: string;
      readonly MEMORY_TTL_SECONDS?: string | number;
      readonly KV_CACHE_TTL_SECONDS?: string | number;
      readonly MAX_ROUTES?: string | number;
      readonly VIA_NAME?: string;
      readonly ENVIRONMENT?: string;
      /** A secret. */
      readonly OVERRIDE_SECRET?: string;
      readonly ADMIN_HOST?: string;
      /** JSON: whom Cloudflare Access may let in, and what for. */
      readonly ADMIN_ACCESS?: string;
      /** A secret, JSON: digests of bearer tokens, and what each is good for. */
      readonly ADMIN_TOKENS?: string;
      /** Optional: counts callers who fail to prove who they are. */
      readonly ADMIN_LIMITER?: RateLimit;
    }
  }
}

/** The Worker's environment. */
export type Env = Cloudflare.Env;

/** The vars, checked and with their units in their names. */
export interface Config {
  readonly tenantBy: { readonly host: boolean; readonly path: boolean };
  readonly exposeDecision: boolean;
  readonly allowPrivateOrigins: boolean;
  readonly trustForwarded: boolean;
  /** How long a policy is served from memory before KV is asked again. */
  readonly memoryTtlMs: number;
  /** How long Cloudflare's edge may answer a KV read from its own cache. */
  readonly kvCacheTtlSeconds: number;
  /** Most routes kept in one isolate's memory, and as many absent keys. */
  readonly maxRoutes: number;
  /** This gateway's pseudonym in `Via` (RFC 9110 §7.6.3). */
  readonly viaName: string;
  readonly overrideSecret: string | undefined;
  /** What this gateway is called: QA links of another environment are not followed here. */
  readonly environment: string;
}

/** KV refuses a smaller `cacheTtl`. */
const MIN_KV_CACHE_TTL_SECONDS = 30;

/** A shorter secret could be guessed; HMAC-SHA256 wants as many random bits as its output has use for. */
export const MIN_SECRET_CHARS = 16;

const flag = (name: string) =>
  v.optional(v.picklist(["true", "false"], `the var ${name} must be "true" or "false"`), "false");

const seconds = (name: string, low: number, high: number, otherwise: number) =>
  v.optional(whole(name, low, high), otherwise);

function whole(name: string, low: number, high: number) {
  const message = `the var ${name} must be a whole number from ${low} to ${high}`;
  return v.pipe(
    v.union([v.number(), v.pipe(v.string(), v.regex(/^\d+$/), v.transform(Number))], message),
    v.integer(message),
    v.minValue(low, message),
    v.maxValue(high, message),
  );
}

const TENANT_MESSAGE =
  'the var TENANT_BY must be "host,path", "host", "path" or "" (only the key "*")';

const EnvSchema = v.object({
  TENANT_BY: v.optional(
    v.pipe(
      v.string(TENANT_MESSAGE),
      v.transform((text) =>
        text
          .split(",")
          .map((kind) => kind.trim())
          .filter((kind) => kind !== ""),
      ),
      v.array(v.picklist(["host", "path"], TENANT_MESSAGE)),
    ),
    "host,path",
  ),
  EXPOSE_DECISION: v.optional(flag("EXPOSE_DECISION"), "true"),
  ALLOW_PRIVATE_ORIGINS: flag("ALLOW_PRIVATE_ORIGINS"),
  TRUST_FORWARDED: flag("TRUST_FORWARDED"),
  MEMORY_TTL_SECONDS: seconds("MEMORY_TTL_SECONDS", 0, 3600, 10),
  KV_CACHE_TTL_SECONDS: seconds(
    "KV_CACHE_TTL_SECONDS",
    MIN_KV_CACHE_TTL_SECONDS,
    86_400,
    MIN_KV_CACHE_TTL_SECONDS,
  ),
  MAX_ROUTES: seconds("MAX_ROUTES", 1, 100_000, 10_000),
  VIA_NAME: v.optional(
    v.pipe(
      v.string(),
      v.regex(
        /^[A-Za-z0-9.-]{1,64}$/,
        "the var VIA_NAME must be 1 to 64 letters, digits, dots and hyphens",
      ),
    ),
    "switchyard",
  ),
  ENVIRONMENT: v.optional(
    v.pipe(
      v.string(),
      v.regex(
        /^[a-z0-9-]{1,32}$/,
        "the var ENVIRONMENT must be 1 to 32 lower-case letters, digits and hyphens",
      ),
    ),
    "production",
  ),
  OVERRIDE_SECRET: v.optional(
    v.pipe(
      v.string(),
      v.minLength(
        MIN_SECRET_CHARS,
        `the secret OVERRIDE_SECRET must have ${MIN_SECRET_CHARS} characters at least`,
      ),
    ),
  ),
});

/** Checks the vars; throws one error that names every bad one, so that a bad value stops start-up. */
export function readConfig(env: Env): Config {
  const result = v.safeParse(EnvSchema, env);
  if (!result.success) {
    throw new TypeError(
      `Switchyard cannot start: ${result.issues.map((issue) => issue.message).join("; ")}`,
    );
  }
  const vars = result.output;
  return {
    tenantBy: { host: vars.TENANT_BY.includes("host"), path: vars.TENANT_BY.includes("path") },
    exposeDecision: vars.EXPOSE_DECISION === "true",
    allowPrivateOrigins: vars.ALLOW_PRIVATE_ORIGINS === "true",
    trustForwarded: vars.TRUST_FORWARDED === "true",
    memoryTtlMs: vars.MEMORY_TTL_SECONDS * 1000,
    kvCacheTtlSeconds: vars.KV_CACHE_TTL_SECONDS,
    maxRoutes: vars.MAX_ROUTES,
    viaName: vars.VIA_NAME,
    overrideSecret: vars.OVERRIDE_SECRET,
    environment: vars.ENVIRONMENT,
  };
}

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
}

/** Made when it is asked for: the data plane alone never does, and so does not carry it. */
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
    ADMIN_TOKENS: grants("ADMIN_TOKENS", {
      name: v.pipe(v.string(), v.regex(/^[\x21-\x7E]{1,64}$/, "a name must be 1 to 64 characters")),
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
 * Who may call the control plane, or why it is off. Apart from {@link readConfig}, and never
 * throwing: a slip in a secret of the control plane must not stop traffic. No message holds a value.
 */
export function readAdmin(
  env: Env,
): { readonly on: true; readonly admin: AdminConfig } | { readonly on: false; why: string } {
  const result = v.safeParse(adminSchema(), env);
  if (!result.success) {
    return { on: false, why: result.issues.map((issue) => issue.message).join("; ") };
  }
  const { ADMIN_HOST, ADMIN_ACCESS, ADMIN_TOKENS } = result.output;
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
    },
  };
}
