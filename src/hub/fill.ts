import { isRouteKey } from "../policy/keys.ts";
import { shardOf } from "../report/shard.ts";
import type { Looks } from "./looks.ts";
import { meet, type Around } from "./meet.ts";
import type { KvPage } from "./platform.ts";

/** A shard that is filled walks through KV's list again so often (ms), for what was put there by hand. */
export const WALK_EVERY_MS = 86_400_000;

/** After a list that failed, the walk goes on so much later (ms). */
export const WALK_RETRY_MS = 30_000;

/** Ledgers asked at a time. */
const ASKED_AT_ONCE = 20;

/** After so many failures in a row a walk begins anew: its cursor may be too old. */
const MAX_FAILURES = 3;

/** A version that KV has after so long (ms) was put there, whether or not its ledger said so. */
const FORGOTTEN_PUT_MS = 3_600_000;

/** No key comes after this text. */
const END = "\uFFFF";

/** The version that stands beside a value in a list of KV. */
function numberIn(metadata: unknown): number | undefined {
  if (typeof metadata !== "object" || metadata === null || !("version" in metadata))
    return undefined;
  return typeof metadata.version === "number" ? metadata.version : undefined;
}

/**
 * Walks through KV's list, a page for each alarm, and asks the ledgers of what the shard does not
 * know: an empty shard becomes a whole one so, and one that is filled hears of what was put by hand.
 */
export class Fill {
  readonly #around: Around;
  readonly #looks: Looks;
  #failures = 0;
  #retryAt = 0;
  #isFilled = false;

  constructor(around: Around, looks: Looks) {
    this.#around = around;
    this.#looks = looks;
  }

  /** Whether the shard has heard of all routes there are. */
  get isFilled(): boolean {
    this.#isFilled ||= this.#around.store.walk().filledAt !== undefined;
    return this.#isFilled;
  }

  /** When the next page is due (ms). */
  dueAt(): number {
    const { cursor, walkedAt, filledAt } = this.#around.store.walk();
    const isWalking = cursor !== undefined || filledAt === undefined;
    return isWalking ? this.#retryAt : Math.max(this.#retryAt, walkedAt + WALK_EVERY_MS);
  }

  /** One page, where it is due. Never rejects. */
  async step(shard: number): Promise<void> {
    const { now, list, log } = this.#around.platform;
    if (this.dueAt() > now()) return;
    const { cursor, after, filledAt, walkedAt } = this.#around.store.walk();
    try {
      const page = await list(cursor);
      const last = page.cursor === undefined ? END : (page.keys.at(-1)?.name ?? after);
      await this.#read(shard, page, after, last);
      this.#failures = 0;
      this.#around.store.setWalk(
        page.cursor === undefined
          ? { filledAt: filledAt ?? now(), walkedAt: now(), cursor: undefined, after: "" }
          : { filledAt, walkedAt, cursor: page.cursor, after: last },
      );
    } catch (error) {
      this.#failures += 1;
      this.#retryAt = now() + WALK_RETRY_MS;
      log("warn", "a shard of the hub cannot walk through KV's list; trying again", {
        shard,
        error: String(error),
      });
      if (this.#failures % MAX_FAILURES === 0)
        this.#around.store.setWalk({ filledAt, walkedAt, cursor: undefined, after: "" });
    }
  }

  async #read(shard: number, page: KvPage, after: string, last: string): Promise<void> {
    const own = page.keys.filter(({ name }) => isRouteKey(name) && shardOf(name) === shard);
    for (let from = 0; from < own.length; from += ASKED_AT_ONCE) {
      const some = own.slice(from, from + ASKED_AT_ONCE);
      await Promise.all(some.map(async ({ name, metadata }) => this.#learn(name, metadata)));
    }
    const inKv = new Set(own.map(({ name }) => name));
    for (const key of this.#around.store.keysBetween(after, last))
      if (!inKv.has(key)) this.#looks.want(key, this.#around.platform.now());
  }

  async #learn(key: string, metadata: unknown): Promise<void> {
    const { now, log } = this.#around.platform;
    const number = numberIn(metadata);
    const head = this.#around.store.head(key);
    if (head !== undefined) {
      const { version, at, pending, byHand } = head;
      // Its ledger has told so, or the shard was lost meanwhile and heard nothing of it.
      if (pending && number === version && now() - at >= FORGOTTEN_PUT_MS)
        this.#around.directory.settle({ key, version, at, putAt: now() });
      const isKnown = number !== undefined && number <= version && byHand === undefined;
      if (!isKnown) this.#looks.want(key, now());
      return;
    }
    try {
      await meet(key, this.#around, (version) => number !== undefined && number <= version);
    } catch (error) {
      log("warn", "a route cannot be met yet; looking at it later", {
        route: key,
        error: String(error),
      });
      this.#looks.want(key, now());
    }
  }
}
