import { writeFile } from "node:fs/promises";
import { join } from "node:path";

import { shardName, shardOf } from "../../../src/report/shard.ts";
import type { Publication } from "../../../src/report/wire.ts";
import { builtWorker, ENTRY } from "../../support/worker-build.ts";
import type { ConsoleWorld } from "./support.ts";

const ENTRY_NAME = "publishing.js";

/**
 * The control Worker with one more way in, which tells the hub of routes as their ledgers do. To make ten thousand
 * routes over the API costs 20 ms of a processor for each, minutes all in all, for a ledger, a history and a value in KV
 * that no list reads; what the hub keeps and tells of a route is the same without them.
 */
const PUBLISHING = `
import worker from "./${ENTRY}";
export * from "./${ENTRY}";
export default {
  ...worker,
  async fetch(request, env, ctx) {
    if (new URL(request.url).pathname !== "/publish") return worker.fetch(request, env, ctx);
    const [name, publications] = await request.json();
    const shard = env.HUBS.getByName(name);
    for (let from = 0; from < publications.length; from += 100)
      await Promise.all(publications.slice(from, from + 100).map((one) => shard.publish(one)));
    return new Response("published");
  },
};
`;

/** Makes that Worker; gives the name to start it by. */
export async function publishingEntry(): Promise<string> {
  await writeFile(join(await builtWorker("control"), ENTRY_NAME), PUBLISHING);
  return ENTRY_NAME;
}

/** Routes by the shard that keeps them. */
export const byShard = <T extends { readonly key: string }>(
  routes: readonly T[],
): Map<number, T[]> => Map.groupBy(routes, ({ key }) => shardOf(key));

/** Publishes the first version of each route to the hub. */
export async function publishAll(
  { url }: Pick<ConsoleWorld, "url">,
  policies: ReadonlyMap<string, object>,
): Promise<void> {
  const at = Date.now();
  const publications = [...policies].map(([key, policy]): Publication => ({
    key,
    version: 1,
    text: JSON.stringify(policy),
    at,
  }));
  await Promise.all(
    [...byShard(publications)].map(async ([shard, some]) => {
      const body = JSON.stringify([shardName(shard), some]);
      const response = await fetch(`${url}/publish`, { method: "POST", body });
      if (!response.ok) throw new Error(await response.text());
    }),
  );
}
