import { DurableObject } from "cloudflare:workers";

import { readControl, type ControlEnv } from "../config/control.ts";
import { readWebhooks } from "../config/webhooks.ts";
import { logLine } from "../lib/log-line.ts";
import { propagationMs } from "../lib/propagation.ts";
import type { Result } from "../lib/result.ts";
import { hubForLedgers, type HubPlace } from "../report/shard-stubs.ts";
import { orderOf, type EarlierOrder, type GuardOrder, type GuardOutcome } from "../report/guard.ts";
import type { Standing } from "../report/wire.ts";
import { stampedVersion, stampOf } from "../report/stamp.ts";
import type { LedgerCalls } from "./calls.ts";
import { LedgerCore, type Republish, type Republished } from "./core.ts";
import { guarded } from "./guarded.ts";
import type { LedgerPlatform } from "./platform.ts";
import type { Committed, Edit, EditError, Previewed, Proposal } from "./edit-types.ts";
import type { AuditEntry, Page, Pair, Status, Version, WantedPair } from "./types.ts";

declare global {
  namespace Cloudflare {
    interface ControlEnv {
      /** One ledger per route; without it the control plane is off. */
      readonly LEDGER?: DurableObjectNamespace<Ledger>;
    }
  }
}

function platformOf(ctx: DurableObjectState, env: ControlEnv, place: HubPlace): LedgerPlatform {
  const kv = env.ROUTING_CONFIG;
  return {
    sql: ctx.storage.sql,
    transaction: (work) => ctx.storage.transactionSync(work),
    read: async (key) => {
      const { value, metadata } = await kv.getWithMetadata(key, "text");
      return {
        text: value,
        version: value === null ? undefined : stampedVersion(value, metadata),
      };
    },
    write: async (key, text, version) =>
      text === null ? kv.delete(key) : kv.put(key, text, { metadata: stampOf(text, version) }),
    hub: env.HUBS === undefined ? undefined : hubForLedgers(env.HUBS, place),
    // Not awaited: storage calls made without waiting between them are stored together or not at all.
    setAlarm: (at) => void ctx.storage.setAlarm(at),
    now: () => Date.now(),
    sleep: async (ms, signal) => scheduler.wait(ms, { signal }),
    random: () => Math.random(),
    log: (level, message, details) => console[level](logLine(message, details)),
  };
}

/** The history of one route and the only writer of its KV value. Named by the route's key. */
export class Ledger extends DurableObject<ControlEnv> implements LedgerCalls {
  readonly #core: LedgerCore;

  constructor(ctx: DurableObjectState, env: ControlEnv) {
    super(ctx, env);
    const config = readControl(env);
    this.#core = new LedgerCore(platformOf(ctx, env, config.hubPlace), {
      ...config,
      propagationMs: propagationMs(config),
      receivers: [...readWebhooks(env).receivers.keys()],
    });
  }

  async status(key: string): Promise<Status> {
    return this.#core.status(key);
  }

  async edit(edit: Edit): Promise<Result<Committed, EditError>> {
    return this.#core.edit(edit);
  }

  /** Makes an edit for a guard, once, and only of the version that was judged. */
  async guard(order: GuardOrder | EarlierOrder): Promise<GuardOutcome> {
    return guarded(this.#core, orderOf(order), () => Date.now());
  }

  async preview(proposal: Proposal): Promise<Result<Previewed, EditError>> {
    return this.#core.preview(proposal);
  }

  async republish(order: Republish): Promise<Result<Republished, EditError>> {
    return this.#core.republish(order);
  }

  async note(entry: Pick<AuditEntry, "actor" | "action" | "note" | "detail">): Promise<void> {
    this.#core.note(entry);
  }

  async latest(): Promise<Version | undefined> {
    return this.#core.store.latest();
  }

  /** Where the route stands, for the hub; `undefined` where it never had a version. Asks KV nothing. */
  async standing(): Promise<Standing | undefined> {
    return this.#core.delivery.hubOutbox.standing();
  }

  async version(version: number): Promise<Version | undefined> {
    return this.#core.store.version(version);
  }

  async pair(wanted: WantedPair): Promise<Pair | undefined> {
    return this.#core.store.pair(wanted);
  }

  async versions(before: number, limit: number): Promise<Page<Version>> {
    return this.#core.store.versions(before, limit);
  }

  async audit(before: number, limit: number): Promise<Page<AuditEntry>> {
    return this.#core.store.audit(before, limit);
  }

  override async alarm(): Promise<void> {
    await this.#core.delivery.alarm();
  }
}
