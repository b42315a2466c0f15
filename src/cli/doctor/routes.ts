import type { Client } from "../../api/client/ask.ts";
import { findRoute, pagesOfRoutes, type Route } from "../../api/client/reads.ts";
import { isDeletion } from "../text/drift.ts";
import { pooled } from "../transfer/pool.ts";
import { hint, well, wrong, type Finding } from "./finding.ts";

/** Routes looked at at once. */
const CONCURRENCY = 8;

/** Routes that are named where something is wrong with many: the first ones say what it is about. */
const MAX_NAMED = 5;

/** The routes there are, `most` of them at most, and whether there are more. */
export async function readRoutes(
  client: Client,
  most: number,
): Promise<{ readonly routes: readonly Route[]; readonly more: boolean }> {
  const routes: Route[] = [];
  let more = false;
  async function* keys(): AsyncGenerator<string> {
    let count = 0;
    for await (const page of pagesOfRoutes(client, { limit: Math.min(1000, most + 1) })) {
      for (const { key } of page.routes) {
        if (count === most) {
          more = true;
          return;
        }
        count += 1;
        yield key;
      }
    }
  }
  await pooled(keys(), CONCURRENCY, async (key) => {
    // One that was deleted meanwhile is not a finding.
    const route = await findRoute(client, key);
    if (route !== undefined) routes.push(route);
  });
  return { routes: routes.toSorted((a, b) => (a.key < b.key ? -1 : 1)), more };
}

function named(routes: readonly Route[]): string {
  const keys = routes.slice(0, MAX_NAMED).map(({ key }) => key);
  const rest = routes.length - keys.length;
  return rest > 0 ? `${keys.join(", ")} and ${rest} more` : keys.join(", ");
}

/** What the ledgers and KV do not agree on. */
export function routeFindings(routes: readonly Route[], more: boolean): Finding[] {
  const byHand = routes.filter(({ drift }) => drift !== null && !isDeletion(drift));
  const deleted = routes.filter(({ drift }) => drift !== null && isDeletion(drift));
  const waiting = routes.filter(
    ({ drift, version, published }) => drift === null && published < version,
  );
  const findings: Finding[] = [];
  if (byHand.length > 0)
    findings.push(
      wrong(
        "routes",
        `KV has a value that was put there by hand: ${named(byHand)}`,
        "see each with sy get KEY; take it in with sy adopt KEY (or sy adopt --all), or put the newest version back with sy republish KEY",
      ),
    );
  if (deleted.length > 0)
    findings.push(
      wrong(
        "routes",
        `KV has no value any more, it was deleted there by hand: ${named(deleted)}`,
        "put it back with sy republish KEY, or delete the route here too with sy adopt KEY",
      ),
    );
  if (waiting.length > 0)
    findings.push(
      wrong(
        "routes",
        `KV does not have the newest version yet: ${named(waiting)}`,
        "wait a minute: the ledger goes on trying; if it stays so, see the control plane's log",
      ),
    );
  if (routes.length === 0)
    return [hint("routes", "there is no route yet", "begin with sy init, then sy apply")];
  if (findings.length === 0)
    findings.push(well("routes", `KV has what the ledgers say, of ${routes.length} looked at`));
  if (more)
    findings.push(
      hint(
        "routes",
        `only the first ${routes.length} routes were looked at`,
        "look at all with --all",
      ),
    );
  return findings;
}
