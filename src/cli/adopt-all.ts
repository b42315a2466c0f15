import type { Client } from "../api/client/ask.ts";
import { adoptRoute, type Edit } from "../api/client/edits.ts";
import { findRoute, pagesOfRoutes, type Route } from "../api/client/reads.ts";
import { settled } from "../api/client/settled.ts";
import { demandYes } from "./ask.ts";
import { EXIT, Failure } from "./failure.ts";
import { note, print, printJson, type Io } from "./io.ts";
import { isDeletion } from "./text/drift.ts";
import { style } from "./text/style.ts";
import { pooled } from "./transfer/pool.ts";

/** Routes looked at at once. */
const CONCURRENCY = 8;

/** What became of one route. */
type Outcome = { readonly key: string } & (
  | { readonly version: number; readonly published: number }
  | { readonly error: { readonly code: string; readonly message: string; readonly fix: string } }
);

async function drifted(client: Client, prefix: string | undefined): Promise<Route[]> {
  const found: Route[] = [];
  async function* keys() {
    for await (const { routes } of pagesOfRoutes(client, { prefix }))
      for (const { key } of routes) yield key;
  }
  await pooled(keys(), CONCURRENCY, async (key) => {
    const route = await findRoute(client, key);
    if (route !== undefined && route.drift !== null) found.push(route);
  });
  return found.toSorted((a, b) => (a.key < b.key ? -1 : 1));
}

async function adopted(
  client: Client,
  { key, version }: Route,
  edit: Omit<Edit, "from">,
): Promise<Outcome> {
  try {
    const edited = await settled(client, await adoptRoute(client, key, { ...edit, from: version }));
    return { key, version: edited.version, published: edited.published };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const { code, message, fix } = error;
    return { key, error: { code, message, fix } };
  }
}

function render(io: Io, outcome: Outcome): string {
  const key = style(io, "bold", outcome.key);
  if ("version" in outcome) return `${key}  version ${outcome.version}`;
  return style(io, "red", `${outcome.key}  ${outcome.error.message}; ${outcome.error.fix}`);
}

/** How all are adopted. */
interface Wanted {
  readonly edit: Omit<Edit, "from">;
  readonly prefix: string | undefined;
  readonly yes: boolean | undefined;
  readonly json: boolean | undefined;
}

/**
 * Takes what was put to KV by hand into the history, of every route. Values that were deleted by hand are told
 * and left alone: a namespace emptied by mistake must not delete all routes. Gives the exit code.
 */
export async function adoptAll(
  io: Io,
  client: Client,
  { edit, prefix, yes, json }: Wanted,
): Promise<number> {
  const all = await drifted(client, prefix);
  const deleted = all.filter(({ drift }) => drift !== null && isDeletion(drift));
  const routes = all.filter((route) => !deleted.includes(route));
  if (routes.length > 0)
    await demandYes(
      io,
      yes,
      `Adopt what was put to KV by hand: ${routes.map(({ key }) => key).join(", ")}?`,
    );
  const outcomes: Outcome[] = [];
  for (const route of routes) {
    const outcome = await adopted(client, route, edit);
    outcomes.push(outcome);
    if (json !== true) print(io, render(io, outcome));
  }
  const left = deleted.map(({ key }) => key);
  const failures = outcomes.filter((outcome) => "error" in outcome).length;
  if (json === true) printJson(io, { routes: outcomes, left });
  else {
    print(io, `${outcomes.length - failures} adopted${failures > 0 ? `, ${failures} not` : ""}`);
    for (const key of left)
      note(
        io,
        `${key} was deleted from KV by hand, and is left alone: sy republish ${key} puts it back, sy adopt ${key} deletes it here too`,
      );
  }
  return failures === 0 ? EXIT.ok : EXIT.failed;
}
