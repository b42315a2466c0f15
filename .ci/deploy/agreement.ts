import { createRequire } from "node:module";
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

const ConfigSchema = v.object({
  name: v.optional(v.string()),
  vars: v.record(v.string(), v.unknown()),
  services: v.optional(v.array(v.object({ binding: v.string(), service: v.string() })), []),
  kv_namespaces: v.optional(
    v.array(v.object({ binding: v.string(), id: v.optional(v.string()) })),
    [],
  ),
  routes: v.optional(
    v.array(
      v.union([
        v.string(),
        v.pipe(
          v.object({ pattern: v.string() }),
          v.transform(({ pattern }) => pattern),
        ),
      ]),
    ),
    [],
  ),
});

type Config = v.InferOutput<typeof ConfigSchema>;

const WranglerSchema = v.object({ unstable_readConfig: v.function() });

function configOf(root: string, name: WorkerName, env: string | undefined): Config {
  // Loaded late, for it takes a second: what is refused before need not wait. Required, not imported: to import 15 MB
  // of CommonJS, Node reads them twice more.
  const { unstable_readConfig: readConfig } = v.parse(
    WranglerSchema,
    createRequire(import.meta.url)("wrangler"),
  );
  const config = readConfig({ config: join(root, FILES[name]), env }, { hideWarnings: true });
  return v.parse(ConfigSchema, config);
}

const told = (value: unknown) => (value === undefined ? "nothing" : JSON.stringify(value));

/** What of production an environment would have too, one line each. */
function borrowed(file: string, production: Config, own: Config): string[] {
  const ids = new Set(production.kv_namespaces.flatMap(({ id }) => id ?? []));
  const routes = own.routes.filter((route) => production.routes.includes(route));
  const environment = ({ vars }: Config) => vars["ENVIRONMENT"] ?? "production";
  return [
    ...own.kv_namespaces
      .filter(({ id }) => id !== undefined && ids.has(id))
      .map(
        ({ binding }) =>
          `${file}: ${binding} of the environment is production's namespace; give it one of its own`,
      ),
    ...routes.map(
      (route) =>
        `${file}: the route ${route} is production's; say routes = [] in the environment, or others`,
    ),
    ...(environment(own) === environment(production)
      ? [
          `${file}: the var ENVIRONMENT of the environment is production's; QA links would lead to both`,
        ]
      : []),
  ];
}

/** What the two files disagree on, and what an environment takes of production, one line each; throws what wrangler finds wrong with one. */
export function disagreements(root: string, env?: string): string[] {
  const [control, gateway] = [configOf(root, "control", env), configOf(root, "gateway", env)];
  const apart = SHARED.filter((name) => control.vars[name] !== gateway.vars[name]).map(
    (name) =>
      `the var ${name} must be the same in both: ${FILES.control} has ${told(control.vars[name])}, ${FILES.gateway} ${told(gateway.vars[name])}`,
  );
  const hub = gateway.services.find(({ binding }) => binding === "HUB");
  const lost =
    hub === undefined || hub.service === control.name
      ? []
      : [
          `${FILES.gateway}: the binding HUB leads to ${hub.service}, and control is called ${control.name}`,
        ];
  if (env === undefined) return [...apart, ...lost];
  return [
    ...apart,
    ...lost,
    ...borrowed(FILES.control, configOf(root, "control", undefined), control),
    ...borrowed(FILES.gateway, configOf(root, "gateway", undefined), gateway),
  ];
}
