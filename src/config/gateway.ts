import * as v from "valibot";

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
      readonly VIA_NAME?: string;
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
  /** This gateway's pseudonym in `Via` (RFC 9110 §7.6.3). */
  readonly viaName: string;
}

const GatewaySchema = v.object({
  ...SHARED_VARS,
  EXPOSE_DECISION: v.optional(flag("EXPOSE_DECISION"), "true"),
  TRUST_FORWARDED: flag("TRUST_FORWARDED"),
  MAX_ROUTES: whole("MAX_ROUTES", 1, 100_000, 10_000),
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
});

/** Checks the gateway's vars; throws one error that names every bad one, so that a bad value stops start-up. */
export function readConfig(env: GatewayEnv): Config {
  const vars = checked(GatewaySchema, env);
  return {
    ...sharedOf(vars),
    exposeDecision: vars.EXPOSE_DECISION === "true",
    trustForwarded: vars.TRUST_FORWARDED === "true",
    maxRoutes: vars.MAX_ROUTES,
    viaName: vars.VIA_NAME,
  };
}
