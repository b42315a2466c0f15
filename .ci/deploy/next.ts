import type { WorkerName } from "./options.ts";

/** A target as wrangler tells it is a URL, or a pattern with a word in brackets behind it. */
const urlOf = (target: string): string => {
  const [name = ""] = target.split(" ");
  return /^https?:/.test(name) ? name : `https://${name.replace(/\/?\*?$/, "")}`;
};

/** Where the Workers answer, one line each. */
export function answering(targets: ReadonlyMap<WorkerName, readonly string[]>): string[] {
  return [...targets].flatMap(([name, each]) =>
    (each.length === 0 ? ["answers nowhere: give it a route, or workers_dev = true"] : each).map(
      (target) => `${name.padEnd(7)}  ${target}`,
    ),
  );
}

/** What to do next, after the first deployment of all. */
export function nextSteps(
  targets: ReadonlyMap<WorkerName, readonly string[]>,
  env: string | undefined,
): string[] {
  const [control] = targets.get("control") ?? [];
  const url = control === undefined ? "URL" : urlOf(control);
  const put = `npx wrangler secret put ADMIN_TOKENS --config src/control/wrangler.toml${env === undefined ? "" : ` --env ${env}`}`;
  return [
    "",
    "Next, a token of your own, and the first policy:",
    "    npm run -s sy -- token create me --role write --file admin-tokens.json",
    `    ${put} < admin-tokens.json`,
    `    npm run -s sy -- login ${url}`,
    `    npm run -s sy -- apply policies --url ${url}`,
    `    npm run -s sy -- doctor --url ${url}`,
    "docs/ten-minutes.md says the same with an example.",
  ];
}
