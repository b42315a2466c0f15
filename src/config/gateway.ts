import * as v from "valibot";

import { readErrorPages, type ErrorPages } from "./error-pages.ts";
import { checked, flag, SHARED_VARS, sharedOf, whole, type SharedConfig } from "./vars.ts";

declare global {
  namespace Cloudflare {
    /** What the gateway is bound to: nothing that can edit, and nobody's token. */
    interface GatewayEnv extends SharedEnv {
      /** Optional: one row per request for Analytics Engine. */
      readonly METRICS?: AnalyticsEngineDataset;
      readonly EXPOSE_DECISION?: string;
      readonly TRUST_FORWARDED?: string;
      readonly MAX_ROUTES?: string | number;
      readonly REPORT_INTERVAL_SECONDS?: string | number;
      readonly FRESH_WAIT_MS?: string | number;
      readonly COLO_COPY_HOST?: string;
      readonly VIA_NAME?: string;
      /** A table, or the same as JSON. */
      readonly ERROR_PAGES?: unknown;
    }
  }
}

/** The gateway's environment. Raw strings are read in this room and nowhere else. */
export type GatewayEnv = Cloudflare.GatewayEnv;

/** The gateway's vars, checked and with their units in their names. */
export interface Config extends SharedConfig {
  readonly exposeDecision: boolean;
  readonly trustForwarded: boolean;
  /** Most routes kept in one isolate's memory, and as many absent keys. */
  readonly maxRoutes: number;
  /** How often an isolate reports to the hub; less often where the hub says so. */
  readonly reportIntervalMs: number;
  /** How long an answer waits for the hub beyond KV. */
  readonly freshWaitMs: number;
  /** The host under which the colo keeps copies; none where empty. */
  readonly coloCopyHost: string;
  /** This gateway's pseudonym in `Via` (RFC 9110 §7.6.3). */
  readonly viaName: string;
  /** The pages of its own errors that are not the built-in one. */
  readonly errorPages: ErrorPages;
}

const GatewaySchema = v.object({
  ...SHARED_VARS,
  EXPOSE_DECISION: v.optional(flag("EXPOSE_DECISION"), "true"),
  TRUST_FORWARDED: flag("TRUST_FORWARDED"),
  MAX_ROUTES: whole("MAX_ROUTES", 1, 100_000, 10_000),
  REPORT_INTERVAL_SECONDS: whole("REPORT_INTERVAL_SECONDS", 1, 60, 5),
  FRESH_WAIT_MS: whole("FRESH_WAIT_MS", 0, 1000, 150),
  COLO_COPY_HOST: v.optional(
    v.pipe(
      v.string(),
      v.regex(/^[a-z0-9.-]{0,253}$/, "the var COLO_COPY_HOST must be a host name, or empty"),
    ),
    "",
  ),
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
  ERROR_PAGES: v.optional(
    v.pipe(
      v.unknown(),
      v.transform(readErrorPages),
      v.custom<ErrorPages>(
        (pages) => typeof pages !== "string",
        ({ input }) => `the var ERROR_PAGES must ${String(input)}`,
      ),
    ),
    "",
  ),
});

/** Checks the gateway's vars; throws one error that names every bad one, so that a bad value stops start-up. */
export function readConfig(env: GatewayEnv): Config {
  const vars = checked(GatewaySchema, env);
  return {
    ...sharedOf(vars),
    exposeDecision: vars.EXPOSE_DECISION === "true",
    trustForwarded: vars.TRUST_FORWARDED === "true",
    maxRoutes: vars.MAX_ROUTES,
    reportIntervalMs: vars.REPORT_INTERVAL_SECONDS * 1000,
    freshWaitMs: vars.FRESH_WAIT_MS,
    coloCopyHost: vars.COLO_COPY_HOST,
    viaName: vars.VIA_NAME,
    errorPages: vars.ERROR_PAGES,
  };
}
