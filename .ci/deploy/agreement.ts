import { join } from "node:path";

import * as v from "valibot";

import { FILES, type WorkerName } from "./options.ts";

/** Vars that both Workers read: control judges policies, makes QA links and forecasts by what the gateway does. */
const SHARED = [
  "TENANT_BY",
  "ALLOW_PRIVATE_ORIGINS",
  "ORIGIN_BINDINGS",
  "MEMORY_TTL_SECONDS",
  "KV_CACHE_TTL_SECONDS",
  "ENVIRONMENT",
];

const ConfigSchema = v.object({ vars: v.record(v.string(), v.unknown()) });

async function varsOf(root: string, name: WorkerName): Promise<Readonly<Record<string, unknown>>> {
  // Loaded late, for it takes a second: what is refused before need not wait.
  const { unstable_readConfig: readConfig } = await import("wrangler");
  const config: unknown = readConfig({ config: join(root, FILES[name]) }, { hideWarnings: true });
  return v.parse(ConfigSchema, config).vars;
}

/** What the two files disagree on, one line each; throws what wrangler finds wrong with one. */
export async function disagreements(root: string): Promise<string[]> {
  const [control, gateway] = [await varsOf(root, "control"), await varsOf(root, "gateway")];
  const told = (value: unknown) => (value === undefined ? "nothing" : JSON.stringify(value));
  return SHARED.filter((name) => control[name] !== gateway[name]).map(
    (name) =>
      `the var ${name} must be the same in both: ${FILES.control} has ${told(control[name])}, ${FILES.gateway} ${told(gateway[name])}`,
  );
}
