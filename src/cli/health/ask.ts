import type { Access } from "../../api/client/ask.ts";
import type { Health } from "../../api/health-form.ts";
import { readHealth } from "../../api/client/reads.ts";
import { bounded } from "./bounded.ts";
import { connect } from "../server.ts";

/** A control plane that hangs is waited for so long (ms): its own look takes four seconds at most. */
export const HEALTH_MS = 8000;

/** How a control plane is, be it well or not. Throws a failure where it does not say so in time. */
export async function askHealth(access: Access): Promise<Health> {
  return bounded(HEALTH_MS, async (signal) => readHealth(connect(access), signal));
}
