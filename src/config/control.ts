import * as v from "valibot";

import { checked, SHARED_VARS, sharedOf, type SharedConfig } from "./vars.ts";

declare global {
  namespace Cloudflare {
    /** What the control plane is bound to; its Durable Objects declare their own bindings. */
    interface ControlEnv extends SharedEnv {
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

/** The control plane's environment. Raw strings are read in this room and nowhere else. */
export type ControlEnv = Cloudflare.ControlEnv;

/** The control plane's vars, checked: what it says of the gateway holds where both have the same. */
export type ControlConfig = SharedConfig;

const ControlSchema = v.object(SHARED_VARS);

/** Checks the control plane's vars; throws one error that names every bad one, so that a bad value stops start-up. */
export const readControl = (env: ControlEnv): ControlConfig =>
  sharedOf(checked(ControlSchema, env));
