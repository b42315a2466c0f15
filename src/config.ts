import * as v from "valibot";

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
      /** A secret. */
      readonly OVERRIDE_SECRET?: string;
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
}

/** KV refuses a smaller `cacheTtl`. */
export const MIN_KV_CACHE_TTL_SECONDS = 30;

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
  };
}
