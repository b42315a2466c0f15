import { readFileSync } from "node:fs";
import { join } from "node:path";

import { parse } from "smol-toml";
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

const TableSchema = v.object({
  name: v.optional(v.string()),
  vars: v.optional(v.record(v.string(), v.unknown()), {}),
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
  ),
});

const FileSchema = v.object({
  ...TableSchema.entries,
  env: v.optional(v.record(v.string(), TableSchema), {}),
});

type Config = v.InferOutput<typeof TableSchema>;

function read(root: string, file: string): v.InferOutput<typeof FileSchema> {
  try {
    return v.parse(FileSchema, parse(readFileSync(join(root, file), "utf8")));
  } catch (error) {
    const place = v.isValiError(error) ? v.getDotPath(error.issues[0]) : undefined;
    const why = error instanceof Error ? error.message : String(error);
    const what = place == null ? why : `${place}: ${why}`;
    throw new Error(`${file} cannot be read: ${what}`, { cause: error });
  }
}

/**
 * What a Worker's file says of an environment, as wrangler reads it: name and routes are inherited, the rest is not. To
 * load wrangler for this would take a second; what else it may find wrong with a file it says before it uploads anything.
 */
function configOf(root: string, name: WorkerName, env: string | undefined): Config {
  const { env: envs, ...production } = read(root, FILES[name]);
  const own = env === undefined ? undefined : envs[env];
  if (env === undefined || own === undefined) return production;
  return {
    ...own,
    name: own.name ?? (production.name === undefined ? undefined : `${production.name}-${env}`),
    routes: own.routes ?? production.routes,
  };
}

const told = (value: unknown) => (value === undefined ? "nothing" : JSON.stringify(value));

/** What of production an environment would have too, one line each. */
function borrowed(file: string, production: Config, own: Config): string[] {
  const ids = new Set(production.kv_namespaces.flatMap(({ id }) => id ?? []));
  const routes = (own.routes ?? []).filter((route) => production.routes?.includes(route) === true);
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

/** What the two files disagree on, and what an environment takes of production, one line each; throws where one cannot be read, with its name. */
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
