import * as v from "valibot";

import { isOriginBinding } from "../lib/binding-name.ts";
import { readKey, type SipKey } from "../lib/siphash.ts";

/** Which version of a Worker it is, as Cloudflare tells it. */
interface VersionMetadata {
  readonly id: string;
}

declare global {
  namespace Cloudflare {
    /** What both Workers are bound to: they must agree on it, or QA links and forecasts would be wrong. */
    interface SharedEnv {
      readonly ROUTING_CONFIG: KVNamespace;
      readonly TENANT_BY?: string;
      readonly ALLOW_PRIVATE_ORIGINS?: string;
      readonly ORIGIN_BINDINGS?: string;
      readonly MEMORY_TTL_SECONDS?: string | number;
      readonly KV_CACHE_TTL_SECONDS?: string | number;
      readonly ENVIRONMENT?: string;
      /** A secret. */
      readonly OVERRIDE_SECRET?: string;
      /** A secret. */
      readonly VISITOR_KEY?: string;
      /** Optional: which version of the Worker this is. */
      readonly CF_VERSION_METADATA?: VersionMetadata;
    }
    /** What `import { env } from "cloudflare:workers"` is typed as: either Worker's. */
    interface Env extends GatewayEnv, ControlEnv {}
  }
}

/** The vars that both Workers read, checked and with their units in their names. */
export interface SharedConfig {
  readonly tenantBy: { readonly host: boolean; readonly path: boolean };
  readonly allowPrivateOrigins: boolean;
  /** The gateway's bindings that a policy may lead requests through. */
  readonly originBindings: readonly string[];
  /** How long a policy is served from memory before KV is asked again. */
  readonly memoryTtlMs: number;
  /** How long Cloudflare's edge may answer a KV read from its own cache. */
  readonly kvCacheTtlSeconds: number;
  readonly overrideSecret: string | undefined;
  /** Digests of visitors and checks of their ids are made with it; without one there are no figures of visitors. */
  readonly visitorKey: SipKey | undefined;
  /** What this gateway is called: QA links of another environment are not followed here. */
  readonly environment: string;
  /** The id of the version of the Worker; `undefined` where it is not bound to that. */
  readonly worker: string | undefined;
}

/** KV refuses a smaller `cacheTtl`. */
const MIN_KV_CACHE_TTL_SECONDS = 30;

/** A shorter secret could be guessed; HMAC-SHA256 wants as many random bits as its output has use for. */
export const MIN_SECRET_CHARS = 16;

/** A var that is `true` or `false`, and `false` where it is left out. */
export const flag = (name: string) =>
  v.optional(v.picklist(["true", "false"], `the var ${name} must be "true" or "false"`), "false");

/** A whole number within bounds, or `otherwise` where it is left out. */
export const whole = (name: string, low: number, high: number, otherwise: number) =>
  v.optional(wholeNumber(name, low, high), otherwise);

function wholeNumber(name: string, low: number, high: number) {
  return v.pipe(
    v.custom<number | string>((written) => {
      const value =
        typeof written === "string" && /^\d+$/.test(written) ? Number(written) : written;
      return Number.isInteger(value) && Number(value) >= low && Number(value) <= high;
    }, `the var ${name} must be a whole number from ${low} to ${high}`),
    v.transform(Number),
  );
}

const TENANT_MESSAGE =
  'the var TENANT_BY must be "host,path", "host", "path" or "" (only the key "*")';

const BINDINGS_MESSAGE =
  "the var ORIGIN_BINDINGS must be names of bindings with commas between, none of them Switchyard's own";

/** The parts of a list with commas between. */
const listed = (text: string): string[] =>
  text
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");

const VISITOR_KEY_MESSAGE = "the secret VISITOR_KEY must be 32 hexadecimal digits";

/** The schemas of the vars that both Workers read. */
export const SHARED_VARS = {
  TENANT_BY: v.optional(
    v.pipe(
      v.string(TENANT_MESSAGE),
      v.transform(listed),
      v.array(v.picklist(["host", "path"], TENANT_MESSAGE)),
    ),
    "host,path",
  ),
  ALLOW_PRIVATE_ORIGINS: flag("ALLOW_PRIVATE_ORIGINS"),
  ORIGIN_BINDINGS: v.optional(
    v.pipe(
      v.string(BINDINGS_MESSAGE),
      v.transform(listed),
      v.check((names) => names.every(isOriginBinding), BINDINGS_MESSAGE),
    ),
    "",
  ),
  MEMORY_TTL_SECONDS: whole("MEMORY_TTL_SECONDS", 0, 3600, 10),
  KV_CACHE_TTL_SECONDS: whole(
    "KV_CACHE_TTL_SECONDS",
    MIN_KV_CACHE_TTL_SECONDS,
    86_400,
    MIN_KV_CACHE_TTL_SECONDS,
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
  CF_VERSION_METADATA: v.optional(
    v.object({ id: v.string() }, "the binding CF_VERSION_METADATA must be version_metadata"),
  ),
  VISITOR_KEY: v.optional(
    v.pipe(
      v.string(VISITOR_KEY_MESSAGE),
      v.transform(readKey),
      v.custom<SipKey>((key) => key !== undefined, VISITOR_KEY_MESSAGE),
    ),
  ),
};

type SharedVars = v.InferOutput<v.ObjectSchema<typeof SHARED_VARS, undefined>>;

/** The shared part of a Worker's configuration, of vars that have been checked. */
export function sharedOf(vars: SharedVars): SharedConfig {
  return {
    tenantBy: { host: vars.TENANT_BY.includes("host"), path: vars.TENANT_BY.includes("path") },
    allowPrivateOrigins: vars.ALLOW_PRIVATE_ORIGINS === "true",
    originBindings: vars.ORIGIN_BINDINGS,
    memoryTtlMs: vars.MEMORY_TTL_SECONDS * 1000,
    kvCacheTtlSeconds: vars.KV_CACHE_TTL_SECONDS,
    overrideSecret: vars.OVERRIDE_SECRET,
    visitorKey: vars.VISITOR_KEY,
    environment: vars.ENVIRONMENT,
    worker: vars.CF_VERSION_METADATA?.id,
  };
}

/** Holds vars against a schema; throws one error that names every bad one, so that a bad value stops start-up. */
export function checked<const TSchema extends v.GenericSchema>(
  schema: TSchema,
  env: object,
): v.InferOutput<TSchema> {
  const result = v.safeParse(schema, env);
  if (result.success) return result.output;
  throw new TypeError(
    `Switchyard cannot start: ${result.issues.map((issue) => issue.message).join("; ")}`,
  );
}
