import { textDigest } from "../report/digest.ts";
import type { MadeBy, Publication, Settlement, Standing } from "../report/wire.ts";
import { FIRST_RETRY_MS, LONGEST_RETRY_MS } from "./outbox.ts";
import { inTime } from "../lib/in-time.ts";
import type { LedgerPlatform } from "./platform.ts";
import type { Publication as State, Store } from "./store.ts";
import type { Version } from "./types.ts";

/** A call to the hub that takes longer (ms) has failed, and is made again later. */
export const HUB_TIMEOUT_MS = 2000;

/** What the hub is to be told next. */
type Message =
  | { readonly kind: "publish"; readonly publication: Publication }
  | { readonly kind: "settle"; readonly settlement: Settlement };

/** The time that goes with the newest version: a later one where it was ordered to KV anew. */
const timeOf = (latest: Version, { orderedAt }: State): number => Math.max(latest.at, orderedAt);

/** The digest of what was put by hand and is replaced, where the ledger saw one. */
function replacedIn({ forced, seen, replaced }: State): Pick<Publication, "replaces"> {
  const replaces = forced && seen !== "" ? seen : replaced;
  return replaces === "" ? {} : { replaces };
}

/**
 * Brings the newest version to the hub, and tells it when KV has that. Beside the way to KV, and
 * never before it in anything but time: each is retried until it is done, whatever the other does.
 */
export class HubOutbox {
  readonly #store: Store;
  readonly #platform: LedgerPlatform;
  readonly #wake: () => void;
  #running: Promise<void> | undefined;

  /** `wake` sees to it that the alarm goes off when this is due. */
  constructor(store: Store, platform: LedgerPlatform, wake: () => void) {
    this.#store = store;
    this.#platform = platform;
    this.#wake = wake;
  }

  #next(): Message | undefined {
    const state = this.#store.publication();
    const latest = this.#store.latest();
    if (state === undefined || latest === undefined || this.#platform.hub === undefined)
      return undefined;
    const { key, hubVersion, hubAt, hubSettledAt, numbered, forced, putAt } = state;
    const { version, text } = latest;
    const at = timeOf(latest, state);
    if (hubVersion !== version || hubAt !== at) {
      const made = this.#madeBy(latest);
      const publication = { key, version, text, at, ...replacedIn(state), made };
      return { kind: "publish", publication };
    }
    const isInKv = numbered === version && !forced;
    if (!isInKv || hubSettledAt === at) return undefined;
    return { kind: "settle", settlement: { key, version, at, putAt } };
  }

  /** Where the route stands, for a shard that does not know it; `undefined` where it never had a version. */
  standing(): Standing | undefined {
    const state = this.#store.publication();
    const latest = this.#store.latest();
    if (state === undefined || latest === undefined) return undefined;
    const { key, numbered, forced, putAt } = state;
    const { version, text } = latest;
    const at = timeOf(latest, state);
    return {
      key,
      version,
      text,
      at,
      putAt,
      isInKv: numbered === version && !forced,
      ...replacedIn(state),
      made: this.#madeBy(latest),
    };
  }

  /** Who made a version, for the guard: it is silent about what a person gave back by an action. */
  #madeBy({ author, action, note }: Version): MadeBy {
    return { author, action, note, silences: this.#store.takenBack.isOverruled() };
  }

  /** When the hub is to be told next (ms); `undefined` where it knows all there is. */
  dueAt(): number | undefined {
    if (this.#next() === undefined) return undefined;
    return this.#store.publication()?.hubRetryAt ?? this.#platform.now();
  }

  /** Tells what is due, or waits with whoever does so already. Never rejects. */
  async run(): Promise<void> {
    this.#running ??= this.#tell().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  async #tell(): Promise<void> {
    const { now, random, log } = this.#platform;
    for (let message = this.#next(); message !== undefined; message = this.#next()) {
      const { hubAttempts = 0, key = "" } = this.#store.publication() ?? {};
      const wait = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** hubAttempts);
      // Before anything that may fail or be cut off: whatever happens now, there is a next time.
      this.#store.setPublication({ hubRetryAt: now() + Math.ceil(wait * (1 + random() / 2)) });
      this.#wake();
      try {
        await (message.kind === "publish"
          ? this.#publish(message.publication)
          : this.#settle(message.settlement));
        this.#store.setPublication({ hubAttempts: 0, hubRetryAt: null });
      } catch (error) {
        this.#store.setPublication({ hubAttempts: hubAttempts + 1 });
        log("warn", "the hub does not know of a route's newest version yet; trying again", {
          route: key,
          attempts: hubAttempts + 1,
          error: String(error),
        });
        return;
      }
    }
  }

  async #publish(publication: Publication): Promise<void> {
    const { hub } = this.#platform;
    if (hub === undefined) return;
    const { version, digest } = await inTime(
      hub.publish(publication),
      HUB_TIMEOUT_MS,
      "the hub",
      this.#platform,
    );
    const { version: told, at, text } = publication;
    const isOurs = version === told && digest === textDigest(text);
    if (version < told || isOurs) this.#store.setPublication({ hubVersion: told, hubAt: at });
    else this.#goAbove(version);
  }

  async #settle(settlement: Settlement): Promise<void> {
    const { hub } = this.#platform;
    if (hub === undefined) return;
    await inTime(hub.settle(settlement), HUB_TIMEOUT_MS, "the hub", this.#platform);
    this.#store.setPublication({ hubSettledAt: settlement.at });
  }

  /**
   * Gives the newest version a number above one that the hub has heard of for this route, from a
   * ledger that was lost: isolates that heard of it too would serve no lower one.
   */
  #goAbove(heard: number): void {
    const { transaction, now, log } = this.#platform;
    const latest = this.#store.latest();
    if (latest === undefined || latest.version > heard) return;
    const version = heard + 1;
    transaction(() => {
      this.#store.addVersion({ ...latest, version });
      const detail = `version ${latest.version} again: the hub had heard of version ${heard}`;
      const entry = { at: now(), actor: "switchyard", version, note: "", detail };
      this.#store.addAudit({ ...entry, action: "republish" });
      this.#store.setPublication({ retryAt: null });
    });
    log("warn", "the hub has heard of a higher version than the ledger; going on above it", {
      route: this.#store.publication()?.key,
      version,
    });
    this.#wake();
  }
}
