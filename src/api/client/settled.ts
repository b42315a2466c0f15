import type { Edited } from "../edited.ts";
import type { Client } from "./ask.ts";
import { findRoute, pagesOfRoutes } from "./reads.ts";

/** Between two looks at a route that KV does not have yet (ms), and until nobody looks any longer. */
const LOOK_MS = 200;
const LOOKS = 75;

/** Whether KV has a route. */
async function isListed(client: Client, key: string): Promise<boolean> {
  for await (const { routes } of pagesOfRoutes(client, { prefix: key, source: "kv" })) {
    if (routes.some((one) => one.key === key)) return true;
  }
  return false;
}

/**
 * Waits until KV has what was written, at most 15 seconds: KV takes one write a second for each key.
 * Gives back what is known by then; the API goes on trying.
 */
export async function settled(client: Client, edited: Edited): Promise<Edited> {
  let { published } = edited;
  for (let look = 0; look < LOOKS && published < edited.version; look += 1) {
    await new Promise((resolve) => {
      setTimeout(resolve, LOOK_MS);
    });
    const route = await findRoute(client, edited.key);
    // Of a deleted route the API tells no more; whether KV still has it, the list does.
    const isGone = route === undefined && !(await isListed(client, edited.key));
    published = isGone ? edited.version : (route?.published ?? published);
  }
  return { ...edited, published };
}
