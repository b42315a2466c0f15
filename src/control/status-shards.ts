import type { RouteStatus, StatusQuery } from "../report/answers.ts";
import { SHARDS } from "../report/shard.ts";
import type { Call } from "./call.ts";
import { withShard } from "./hub.ts";
import type { ShardPage } from "./merged.ts";
import { sha256Hex } from "./sha256.ts";
import { pagesOf, type ShardPages, type ToldPage } from "./shard-pages.ts";

/** Digits of the seal: nobody meets another one by chance. */
const SEAL_DIGITS = 16;

/** Between tags of shards, which have none of it. */
const BETWEEN = "~";

/**
 * What the tag of a page begins with: the question, the caller's scope, and who may call at all, for the cursor in the
 * page is good as long as that is.
 */
export async function sealOf(
  { caller, admin }: Pick<Call, "caller" | "admin">,
  question: readonly unknown[],
): Promise<string> {
  const digest = await sha256Hex(`status\n${JSON.stringify([question, caller.scope, admin])}`);
  return `${digest.slice(0, SEAL_DIGITS)}${BETWEEN}`;
}

/** The tags of the shards in that of a page with the same seal; none in any other. */
export function tagsIn(tag: string | undefined, seal: string): readonly string[] {
  return tag?.startsWith(seal) === true ? tag.slice(seal.length).split(BETWEEN) : [];
}

/** The shards' parts of one page of the status. */
export class StatusShards {
  readonly #call: Call;
  readonly #query: StatusQuery;
  readonly #pages: ShardPages;
  /** What all shards were asked at once; each is used up once. */
  #first: PromiseSettledResult<ToldPage>[] = [];

  constructor(call: Call, query: StatusQuery) {
    this.#call = call;
    this.#query = query;
    this.#pages = pagesOf(call.services.env);
  }

  async #ask(shard: number, after: string, known?: string): Promise<ToldPage> {
    const query = { ...this.#query, after };
    return this.#pages.ask(JSON.stringify([shard, query]), known, async (tag) =>
      withShard(this.#call, shard, async (hub) => hub.statusPage(shard, query, tag)),
    );
  }

  /** Asks every shard, which leaves out its part where it is as with the tag that the caller knows; all tags in one, where each has one. */
  async begin(known: readonly string[]): Promise<string | undefined> {
    const all = Array.from({ length: SHARDS }, async (_, shard) =>
      this.#ask(shard, this.#query.after, known[shard]),
    );
    this.#first = await Promise.allSettled(all);
    const tags = this.#first.flatMap((one) =>
      one.status === "fulfilled" && one.value.tag !== undefined ? [one.value.tag] : [],
    );
    return tags.length < SHARDS ? undefined : tags.join(BETWEEN);
  }

  /** What a shard has after a key. Rejects where it does not answer. */
  async page(shard: number, after: string): Promise<ShardPage<RouteStatus>> {
    const { page } = await this.#told(shard, after);
    if (page === undefined) throw new Error("a shard left out a page that it was asked for");
    return { items: page.routes, upTo: page.upTo };
  }

  async #told(shard: number, after: string): Promise<ToldPage> {
    const first = after === this.#query.after ? this.#first[shard] : undefined;
    if (first === undefined) return this.#ask(shard, after);
    if (first.status === "rejected") throw first.reason;
    // Others changed, and this one's part is not in this isolate.
    return first.value.page === undefined ? this.#ask(shard, after) : first.value;
  }
}
