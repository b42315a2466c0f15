import { STALE_READ_MS } from "../lib/propagation.ts";
import { textDigest } from "../report/digest.ts";
import { inTime } from "../lib/in-time.ts";
import { isTooLong } from "./judge.ts";
import type { LedgerPlatform, Stored } from "./platform.ts";
import type { Publication, Store } from "./store.ts";
import type { Drift } from "./types.ts";

/** KV takes one write a second per key; a little more, for clocks differ. */
export const MIN_PUT_GAP_MS = 1100;

/** The first wait after a failed put (ms); it doubles up to the longest. */
export const FIRST_RETRY_MS = 1000;
export const LONGEST_RETRY_MS = 300_000;

/** A look at KV that takes longer (ms) has failed, and is tried again later. */
export const READ_TIMEOUT_MS = 10_000;

/** Whether a value in KV is one this ledger put there, this or an earlier one, or one it replaced just now. */
function isOurs(store: Store, state: Publication, live: Stored, now: number): boolean {
  const published = store.version(state.published)?.text ?? null;
  if (live.text === published) return true;
  const claimed = live.version === undefined ? undefined : store.version(live.version);
  if (claimed !== undefined && claimed.text === live.text) return true;
  const latest = store.latest()?.text ?? null;
  // KV's caches may tell what was there before our last put.
  const mayBeStale = now - state.putAt < STALE_READ_MS;
  if (mayBeStale && textDigest(live.text) === state.replaced) return true;
  if (live.text !== null) return live.text === latest || (mayBeStale && store.isAdopted(live.text));
  if (store.isDeletedSince(state.published)) return true;
  return mayBeStale;
}

/**
 * Brings the newest version to KV. Committed first, put after: a crash between the two leaves an
 * alarm that was set before. One put at a time, always of the newest version, so an older value
 * never follows a newer one. Accepted weakness: KV has no compare-and-set, so a value written by
 * hand between the look and the put, a few milliseconds, is replaced unseen.
 */
export class Outbox {
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

  #isDue(state: Publication | undefined): state is Publication {
    if (state === undefined) return false;
    const latest = this.#store.latest()?.version ?? 0;
    return state.forced || latest !== state.published || latest !== state.numbered;
  }

  /** When KV is to be written next (ms); `undefined` where it has the newest version. */
  dueAt(): number | undefined {
    const state = this.#store.publication();
    if (!this.#isDue(state)) return undefined;
    const now = this.#platform.now();
    return Math.max(state.retryAt ?? now, Math.min(now, state.putAt) + MIN_PUT_GAP_MS);
  }

  /** Publishes what is due, or waits with whoever does so already. Never rejects. */
  async run(): Promise<void> {
    this.#running ??= this.#publish().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  async #publish(): Promise<void> {
    const { now, random, log } = this.#platform;
    for (
      let state = this.#store.publication();
      this.#isDue(state);
      state = this.#store.publication()
    ) {
      const gap = Math.min(MIN_PUT_GAP_MS, state.putAt + MIN_PUT_GAP_MS - now());
      if (gap > 0) return this.#wake();
      const wait = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** state.attempts);
      const retryAt = now() + Math.ceil(wait * (1 + random() / 2));
      // Before anything that may fail or be cut off: whatever happens now, there is a next time.
      this.#store.setPublication({ retryAt });
      this.#wake();
      try {
        if (!state.forced && !(await this.#mayReplace(state))) return;
        await this.#put(state.key);
      } catch (error) {
        this.#store.setPublication({ attempts: state.attempts + 1 });
        log("error", "a route is not in KV yet; trying again", {
          route: state.key,
          attempts: state.attempts + 1,
          error: String(error),
        });
        return;
      }
    }
  }

  async #put(key: string): Promise<void> {
    const { now, write } = this.#platform;
    // Asked for here, after all waiting: what came in meanwhile is what goes out.
    const newest = this.#store.latest();
    const state = this.#store.publication();
    if (newest === undefined || state === undefined) return;
    this.#store.setPublication({ putAt: now() });
    await write(key, newest.text, newest.version);
    this.#store.setPublication({
      published: newest.version,
      numbered: newest.version,
      putAt: now(),
      attempts: 0,
      retryAt: null,
      forced: false,
      drifted: false,
      seen: "",
      replaced: state.forced ? state.seen : state.replaced,
    });
  }

  /** Whether KV has nothing that somebody else wrote; tells the audit log where it has. */
  async #mayReplace(state: Publication): Promise<boolean> {
    const reading = this.#platform.read(state.key);
    const live = await inTime(reading, READ_TIMEOUT_MS, "KV", this.#platform);
    const now = this.#platform.now();
    if (this.#store.publication()?.forced === true) return true;
    if (isOurs(this.#store, state, live, now)) return true;
    this.noteDrift(state, live);
    // Held until somebody adopts or replaces it; a look now and then, for it may go away by itself.
    const retryAt = now + LONGEST_RETRY_MS;
    this.#store.setPublication({ retryAt });
    this.#wake();
    return false;
  }

  /** Lets the next put replace what somebody else wrote, as far as it was seen. */
  force(drift: Drift | undefined): void {
    const seen = drift === undefined ? {} : { seen: textDigest(drift.text ?? null) };
    this.#store.setPublication({ forced: true, ...seen });
  }

  /** Writes a drift down, once for as long as it lasts. */
  noteDrift(state: Publication, live: Stored): void {
    this.#store.setPublication({ seen: textDigest(live.text) });
    if (state.drifted) return;
    const { now, log } = this.#platform;
    const version = this.#store.latest()?.version ?? 0;
    this.#store.setPublication({ drifted: true });
    const entry = { at: now(), actor: "switchyard", version, note: "", detail: "" };
    this.#store.addAudit({ ...entry, action: "drift-found" });
    log("warn", "KV has a value that the ledger did not put there", { route: state.key });
  }

  /** What somebody else wrote to KV, if anybody did, and the number that stands beside KV's value. Rejects where KV cannot be read. */
  async look(
    key: string,
  ): Promise<{ readonly drift: Drift | undefined; readonly number: number | undefined }> {
    const live = await this.#platform.read(key);
    return { drift: this.#drift(live), number: live.version };
  }

  #drift(live: Stored): Drift | undefined {
    const state = this.#store.publication();
    const text = live.text !== null && isTooLong(live.text) ? undefined : live.text;
    if (state === undefined) return live.text === null ? undefined : { text };
    if (!state.forced && !isOurs(this.#store, state, live, this.#platform.now())) {
      this.noteDrift(state, live);
      return { text };
    }
    if (state.drifted) {
      // What was held back for it may go out now.
      this.#store.setPublication({ drifted: false, retryAt: null });
      this.#wake();
    }
    return undefined;
  }
}
