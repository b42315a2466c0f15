import * as v from "valibot";

import { checked, SHARED_VARS, sharedOf, whole, type SharedConfig } from "./vars.ts";

declare global {
  namespace Cloudflare {
    /** What the control plane is bound to; its Durable Objects declare their own bindings. */
    interface ControlEnv extends SharedEnv {
      readonly ADMIN_HOST?: string;
      /** JSON: whom Cloudflare Access may let in, and what for. */
      readonly ADMIN_ACCESS?: string;
      /** A secret, JSON: digests of bearer tokens, and what each is good for. */
      readonly ADMIN_TOKENS?: string;
      /** A secret: signs sessions of the console. */
      readonly SESSION_KEY?: string;
      /** The console's files; without them there is no console. */
      readonly ASSETS?: Fetcher;
      /** A secret, JSON: who is told what guards do, and what else happens to routes. */
      readonly WEBHOOKS?: string;
      readonly HUB_LOCATION?: string;
      readonly HUB_JURISDICTION?: string;
      readonly HUB_DAILY_REPORTS?: string | number;
      /** Optional: counts callers who fail to prove who they are. */
      readonly ADMIN_LIMITER?: RateLimit;
    }
  }
}

/** The control plane's environment. Raw strings are read in this room and nowhere else. */
export type ControlEnv = Cloudflare.ControlEnv;

/** The location hints of Durable Objects. */
export const LOCATIONS = [
  "wnam",
  "enam",
  "sam",
  "weur",
  "eeur",
  "apac",
  "oc",
  "afr",
  "me",
] as const;

const JURISDICTIONS = ["eu", "fedramp"] as const;

/** The control plane's vars, checked: what it says of the gateway holds where both have the same. */
export interface ControlConfig extends SharedConfig {
  /** Where the hub's shards are made. */
  readonly hubPlace: {
    readonly location: (typeof LOCATIONS)[number] | undefined;
    readonly jurisdiction: (typeof JURISDICTIONS)[number] | undefined;
  };
  /** Reports that all shards together take in a day; Infinity for any number. */
  readonly hubDailyReports: number;
}

const oneOf = <const TValues extends readonly string[]>(name: string, values: TValues) =>
  v.optional(
    v.picklist(["", ...values], `the var ${name} must be empty or one of ${values.join(", ")}`),
    "",
  );

const ControlSchema = v.object({
  ...SHARED_VARS,
  HUB_LOCATION: oneOf("HUB_LOCATION", LOCATIONS),
  HUB_JURISDICTION: oneOf("HUB_JURISDICTION", JURISDICTIONS),
  HUB_DAILY_REPORTS: whole("HUB_DAILY_REPORTS", 0, 1_000_000_000, 0),
});

/** Checks the control plane's vars; throws one error that names every bad one, so that a bad value stops start-up. */
export function readControl(env: ControlEnv): ControlConfig {
  const vars = checked(ControlSchema, env);
  return {
    ...sharedOf(vars),
    hubPlace: {
      location: vars.HUB_LOCATION || undefined,
      jurisdiction: vars.HUB_JURISDICTION || undefined,
    },
    hubDailyReports: vars.HUB_DAILY_REPORTS || Infinity,
  };
}
