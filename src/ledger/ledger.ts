import { DurableObject } from "cloudflare:workers";
import * as v from "valibot";

import type { Env } from "../config.ts";
import { LedgerCore } from "./core.ts";
import type { LedgerPlatform } from "./platform.ts";
import type {
  AuditEntry,
  Committed,
  Edit,
  Idempotency,
  Page,
  Recalled,
  Status,
  Version,
} from "./types.ts";

declare global {
  namespace Cloudflare {
    interface Env {
      /** One ledger per route; without it the control plane is off. */
      readonly LEDGER?: DurableObjectNamespace<Ledger>;
    }
  }
}

/** What stands beside every value a ledger puts. */
const MetadataSchema = v.object({ version: v.number() });

function platformOf(ctx: DurableObjectState, kv: KVNamespace): LedgerPlatform {
  return {
    sql: ctx.storage.sql,
    transaction: (work) => ctx.storage.transactionSync(work),
    read: async (key) => {
      const { value, metadata } = await kv.getWithMetadata(key, "text");
      const known = v.safeParse(MetadataSchema, metadata);
      return { text: value, version: known.success ? known.output.version : undefined };
    },
    write: async (key, text, version) =>
      text === null ? kv.delete(key) : kv.put(key, text, { metadata: { version } }),
    // Not awaited: storage calls made without waiting between them are stored together or not at all.
    setAlarm: (at) => void ctx.storage.setAlarm(at),
    now: () => Date.now(),
    sleep: async (ms, signal) => scheduler.wait(ms, { signal }),
    random: () => Math.random(),
    log: (level, message, details) => console[level](JSON.stringify({ message, ...details })),
  };
}

/** The history of one route and the only writer of its KV value. Named by the route's key. */
export class Ledger extends DurableObject {
  readonly #core: LedgerCore;

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    this.#core = new LedgerCore(platformOf(ctx, env.ROUTING_CONFIG));
  }

  async status(key: string): Promise<Status> {
    return this.#core.status(key);
  }

  recall(idempotency: Idempotency): Recalled {
    return this.#core.recall(idempotency);
  }

  async commit(edit: Edit): Promise<Committed> {
    return this.#core.commit(edit);
  }

  async republish(entry: { key: string; author: string; note: string }): Promise<Status> {
    return this.#core.republish(entry);
  }

  /** Writes down what changed no policy. */
  note(entry: Pick<AuditEntry, "actor" | "action" | "note" | "detail">): void {
    this.#core.note(entry);
  }

  version(version: number): Version | undefined {
    return this.#core.store.version(version);
  }

  versions(before: number, limit: number): Page<Version> {
    return this.#core.store.versions(before, limit);
  }

  audit(before: number, limit: number): Page<AuditEntry> {
    return this.#core.store.audit(before, limit);
  }

  override async alarm(): Promise<void> {
    await this.#core.outbox.run();
  }
}
