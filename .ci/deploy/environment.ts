/** An environment beside production: sections of the same files, with names, a namespace and a hub of its own. */
import { headOf, inEnv, lineOf, tablesOf, withVar } from "./toml.ts";

/** What wrangler's environments do not inherit, and so need again. */
const AGAIN = new Set([
  "kv_namespaces",
  "durable_objects.bindings",
  "services",
  "analytics_engine_datasets",
  "mtls_certificates",
  "vpc_services",
  "ratelimits",
  "version_metadata",
  "vars",
]);

/** Vars that name something of production's. */
const OWN_VARS = ["ADMIN_HOST", "COLO_COPY_HOST", "ENVIRONMENT"];

/** Whether a file has this environment. */
export function hasEnvironment(text: string, env: string): boolean {
  return tablesOf(text).some(({ name }) => name === `env.${env}` || name.startsWith(`env.${env}.`));
}

/** The lines of a table that say something, without comments of their own. */
const said = (text: string): string[] =>
  text
    .split("\n")
    .slice(1)
    .filter((line) => /^[ \t]*[^#\s]/.test(line));

const valueIn = (lines: readonly string[], key: string): string | undefined =>
  lineOf(key).exec(lines.join("\n"))?.[1];

/** A table's lines as the environment has them: what is production's own is another one, or left out. */
function own(table: string, lines: readonly string[], env: string): string[] {
  const replaced = (key: string, suffix: string) =>
    lines.map((line) =>
      line.replace(new RegExp(`^([ \\t]*${key}[ \\t]*=[ \\t]*"[^"]*)`), `$1${suffix}`),
    );
  switch (table) {
    case "kv_namespaces":
      return lines.filter((line) => !lineOf("(?:preview_)?id").test(line));
    case "services":
      return valueIn(lines, "binding") === '"HUB"' ? replaced("service", `-${env}`) : [...lines];
    case "analytics_engine_datasets":
      return replaced("dataset", `_${env.replaceAll("-", "_")}`);
    case "vars":
      return lines.filter((line) => !OWN_VARS.some((name) => lineOf(name).test(line)));
    default:
      return [...lines];
  }
}

/** The sections that make an environment of what the file has for production. */
export function sectionsOf(text: string, env: string): string {
  const define = lineOf("define").exec(headOf(text))?.[1];
  const tables = tablesOf(text)
    .filter(({ name }) => AGAIN.has(name))
    .map(({ name, isListed, text: table }) => {
      const header = isListed ? `[[${inEnv(env, name)}]]` : `[${inEnv(env, name)}]`;
      return [header, ...own(name, said(table), env)].join("\n");
    });
  const top = [
    `# Written by npm run deploy -- --env ${env}: on workers.dev, and with nothing of production's. It is yours from here on.`,
    `[env.${env}]`,
    "workers_dev = true",
    // Routes are inherited: without this line the hosts of production would lead here.
    "routes = []",
    ...(define === undefined ? [] : [`define = ${define}`]),
  ].join("\n");
  return withVar(`${[top, ...tables].join("\n\n")}\n`, env, "ENVIRONMENT", env);
}

/** The file with the environment; as it is where it has it. */
export function withEnvironment(text: string, env: string): string {
  return hasEnvironment(text, env) ? text : `${text.trimEnd()}\n\n${sectionsOf(text, env)}`;
}
