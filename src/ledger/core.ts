import { Outbox } from "./outbox.ts";
import type { LedgerPlatform } from "./platform.ts";
import { Store } from "./store.ts";
import type { AuditEntry, Committed, Drift, Edit, Idempotency, Recalled, Status } from "./types.ts";

/** An accepted edit is answered after so long (ms) at most, in KV or not: the outbox goes on. */
export const PUBLISH_WAIT_MS = 5000;

/** Everything a ledger does, its side effects passed in. */
export class LedgerCore {
  readonly store: Store;
  readonly outbox: Outbox;
  readonly #platform: LedgerPlatform;

  constructor(platform: LedgerPlatform) {
    this.#platform = platform;
    this.store = new Store(platform.sql);
    this.outbox = new Outbox(this.store, platform);
  }

  /** Where the route stands. What KV says is left out where it cannot be asked. */
  async status(key: string): Promise<Status> {
    let drift: Drift | undefined;
    try {
      drift = await this.outbox.drift(key);
    } catch (error) {
      this.#platform.log("error", "KV cannot be read to look for drift", {
        route: key,
        error: String(error),
      });
    }
    const state = this.store.publication();
    return {
      latest: this.store.latest(),
      published: state?.published ?? 0,
      attempts: state?.attempts ?? 0,
      retryAt: state?.retryAt ?? undefined,
      drift,
    };
  }

  recall(idempotency: Idempotency): Recalled {
    return this.store.recall(idempotency, this.#platform.now());
  }

  /** Accepts an edit if it was made from the newest version, and publishes it; or changes nothing. */
  async commit(edit: Edit): Promise<Committed> {
    const committed = this.#accept(edit);
    if (!committed.ok || committed.replayed) return committed;
    await this.#publish();
    return { ...committed, published: this.store.publication()?.published ?? 0 };
  }

  #accept(edit: Edit): Committed {
    const { now, transaction, setAlarm } = this.#platform;
    const at = now();
    const published = this.store.publication()?.published ?? 0;
    if (edit.idempotency !== undefined) {
      const recalled = this.store.recall(edit.idempotency, at);
      if (recalled.seen) {
        return recalled.same
          ? { ok: true, version: recalled.version, published, at, replayed: true }
          : { ok: false, mismatch: true };
      }
    }
    const latest = this.store.latest()?.version ?? 0;
    if (edit.from !== latest) return { ok: false, latest };
    const version = latest + 1;
    const { author, note, action, detail, text } = edit;
    try {
      transaction(() => {
        this.store.found(edit.key);
        this.store.addVersion({ version, text, author, at, note, action });
        this.store.addAudit({ at, actor: author, action, version, note, detail });
        if (edit.idempotency !== undefined) this.store.remember(edit.idempotency, version, at);
        // KV has an adopted value already; what was adopted is no longer drift.
        if (action === "adopt") this.store.setPublication({ published: version, drifted: false });
      });
    } catch (error) {
      this.store.refresh();
      throw error;
    }
    setAlarm(at);
    return { ok: true, version, published, at, replayed: false };
  }

  /** Puts the newest version to KV over whatever is there. */
  async republish({
    key,
    author,
    note,
  }: {
    key: string;
    author: string;
    note: string;
  }): Promise<Status> {
    this.note({ actor: author, action: "republish", note, detail: "" });
    this.store.setPublication({ forced: true });
    this.#platform.setAlarm(this.#platform.now());
    await this.#publish();
    return this.status(key);
  }

  /** Writes down what changed no policy; nothing where the route never had one. */
  note(entry: Pick<AuditEntry, "actor" | "action" | "note" | "detail">): void {
    const version = this.store.latest()?.version;
    if (version !== undefined) this.store.addAudit({ ...entry, at: this.#platform.now(), version });
  }

  async #publish(): Promise<void> {
    const answered = new AbortController();
    const late = this.#platform.sleep(PUBLISH_WAIT_MS, answered.signal).catch(() => undefined);
    await Promise.race([this.outbox.run(), late]);
    answered.abort();
  }
}
