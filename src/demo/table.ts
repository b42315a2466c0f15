import type { DemoPolicies } from "./policies.ts";
import { DEFAULT_URL } from "../cli/access/gateway-url.ts";
import { LOOPBACK } from "./port.ts";
import { SWITCH } from "./breakable.ts";

interface Stop {
  /** A host tenant, or plain localhost where the first path segment names the tenant. */
  readonly host: keyof DemoPolicies | "localhost";
  readonly path: string;
  readonly strategy: string;
  /** The origins that may answer, a colon, and what there is to see. */
  readonly shows: string;
}

const STOPS: readonly Stop[] = [
  stop("single.localhost", "/", "single", "single: one origin for everybody"),
  stop("ab.localhost", "/", "weighted", "ab-control, ab-bold or ab-calm: 50/30/20, yours stays"),
  stop("canary.localhost", "/", "canary", "canary-stable or canary-new: 20 % get the new one"),
  stop(
    "guarded.localhost",
    "/",
    "canary",
    "guarded-stable or guarded-new: 25 %, as long as its guard lets it",
  ),
  stop("bluegreen.localhost", "/", "blue-green", "blue: green stands by"),
  stop("shop.localhost", "/", "path-map", "shop-front: the default of the map"),
  stop("shop.localhost", "/admin", "path-map", "shop-admin: a prefix of the map"),
  stop(
    "shop.localhost",
    "/api/items",
    "path-map",
    "shop-api: it sees /items, the prefix is stripped",
  ),
  stop(
    "shop.localhost",
    "/store",
    "path-map",
    "store-stable or store-new: a canary inside the map",
  ),
  stop("localhost", "/storefrontA/cart", "single", "storefrontA: the first segment is the tenant"),
  stop("localhost", "/storefrontB/cart", "single", "storefrontB: another tenant, same host"),
];

function stop(host: Stop["host"], path: string, strategy: string, shows: string): Stop {
  return { host, path, strategy, shows };
}

interface TableOptions {
  /** The gateway's; the control plane's is the one after it. */
  readonly port: number;
  /** Folder of local KV, relative to the repository. */
  readonly persistTo: string;
  readonly policies: DemoPolicies;
  /** Whether visitors are made up. */
  readonly traffic: boolean;
  /** Signs a browser in to the console, once. */
  readonly link: string;
}

/** What comes to the routes without anybody's doing; `sy` is how the command line is called for this demo. */
const TRAFFIC = (sy: string, canary: string) =>
  `Visitors are made up, and so is what they buy: ten a second on ab.localhost and guarded.localhost, one a second
on every other route. Without them: npm start -- --no-traffic. Which variant sells more is told in two or three
minutes:

  ${sy} watch ab.localhost

The canary of guarded.localhost has a guard. Break it, see it taken back in about ten seconds, and read why:

  curl -X POST ${canary}${SWITCH.break}
  ${sy} watch guarded.localhost
  ${sy} history guarded.localhost

  Mended and tried once more: curl -X POST ${canary}${SWITCH.mend} && ${sy} rollback guarded.localhost`;

const NO_TRAFFIC = "No visitors are made up: whoever comes is you.";

/** What the demo prints when it is ready: each URL with what it shows, then what else to try, to paste as it is. */
export function renderTable({ port, persistTo, policies, traffic, link }: TableOptions): string {
  const rows = STOPS.map(({ host, path, strategy, shows }) => [
    `http://${host}:${port}${path}`,
    strategy,
    shows,
  ]);
  const green = JSON.stringify({ ...policies["bluegreen.localhost"], active: "green" });
  const control = `http://${LOOPBACK}:${port + 1}`;
  const at = control === DEFAULT_URL ? "" : `SY_URL=${control} `;
  const sy = control === DEFAULT_URL ? "" : `export SY_URL=${control}\n  `;
  return `The console, in a browser, with all these routes. The link signs in once, within ten minutes; for another one: ${at}npm run -s sy -- console

  ${link}

In a browser, as a visitor:

${alignColumns(rows)}

  Below each of them too: /events, /redirect, /cookies, /slow?ms=1500

${traffic ? TRAFFIC(`${at}npm run -s sy --`, policies["guarded.localhost"].canary) : NO_TRAFFIC}

With curl, or wherever *.localhost does not resolve (without its cookie, each request is a new visitor):

  curl -H 'Host: ab.localhost' http://${LOOPBACK}:${port}/
  curl http://${LOOPBACK}:${port}/storefrontA/cart

Change a policy while it runs, with its history and a way back, by the control plane at ${control}:

  ${sy}npm run -s sy -- switch bluegreen.localhost --at now
  npm run -s sy -- rollback bluegreen.localhost

See what KV holds, or put a value there by hand and take it into the history (this makes bluegreen.localhost green):

  http://localhost:${port}/cdn-cgi/local/explorer
  npx wrangler kv key put --local --persist-to ${persistTo} --binding ROUTING_CONFIG bluegreen.localhost '${green}' && ${at}npm run -s sy -- adopt bluegreen.localhost
`;
}

function alignColumns(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_cell, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  return rows
    .map((row) =>
      `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ")}`.trimEnd(),
    )
    .join("\n");
}
