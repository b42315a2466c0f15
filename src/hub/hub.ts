import { DurableObject } from "cloudflare:workers";

import { readControl, type ControlEnv } from "../config/control.ts";
import { readWebhooks } from "../config/webhooks.ts";
import { inTime } from "../lib/in-time.ts";
import { logLine } from "../lib/log-line.ts";
import type {
  ExposurePage,
  GoalsTaken,
  MetricsQuery,
  PostedGoal,
  RouteMetrics,
  ShardHealth,
  ShardTotals,
  StatusPage,
  StatusQuery,
  Tagged,
} from "../report/answers.ts";
import type { GuardOutcome } from "../report/guard.ts";
import { shardOf, SHARDS } from "../report/shard.ts";
import type { HubForLedgers, Newest, Publication, Settlement } from "../report/wire.ts";
import { HubCore } from "./core.ts";
import type { ListPage, ListQuery } from "./list.ts";
import type { RouteResults } from "./measure/answers.ts";
import { send } from "./notify/send.ts";
import type { HubPlatform } from "./platform.ts";
import { SignIns, type SignIn } from "./sign-ins.ts";

declare global {
  namespace Cloudflare {
    interface ControlEnv {
      /** The shards of the hub; without it isolates and ledgers have KV alone. */
      readonly HUBS?: DurableObjectNamespace<Hub>;
    }
  }
}

/** A ledger that takes longer over a guard's order (ms) is asked once more later: nothing else that the alarm does waits for it. */
const LEDGER_MS = 10_000;

function notifyOf(env: ControlEnv): NonNullable<HubPlatform["notify"]> {
  const { receivers, faults } = readWebhooks(env);
  if (faults.length > 0) console.error(logLine("the secret WEBHOOKS cannot be read", { faults }));
  const randomId = (): string => crypto.randomUUID().replaceAll("-", "");
  return { receivers, send, randomId, random: () => Math.random() };
}

function platformOf(ctx: DurableObjectState, env: ControlEnv): HubPlatform {
  const kv = env.ROUTING_CONFIG;
  return {
    boot: crypto.randomUUID(),
    sql: ctx.storage.sql,
    transaction: (work) => ctx.storage.transactionSync(work),
    read: async (key) => {
      const { value, metadata } = await kv.getWithMetadata(key, "text");
      return { text: value, metadata };
    },
    list: async (cursor) => {
      const page = await kv.list({ cursor: cursor ?? null });
      return { keys: page.keys, cursor: page.list_complete ? undefined : page.cursor };
    },
    ledger: async (key) => env.LEDGER?.getByName(key).standing(),
    guard: async (order) => {
      if (env.LEDGER === undefined) throw new Error("there are no ledgers");
      const ledger = env.LEDGER.getByName(order.key);
      const made = async (): Promise<GuardOutcome> => ledger.guard(order);
      return inTime(made(), LEDGER_MS, "the ledger", {
        sleep: async (ms, signal) => scheduler.wait(ms, { signal }),
      });
    },
    notify: notifyOf(env),
    // Not awaited: storage calls made without waiting between them are stored together or not at all.
    setAlarm: (at) => void ctx.storage.setAlarm(at),
    knowsVisitors: readControl(env).visitorKey !== undefined,
    now: () => Date.now(),
    reportsPerDay: readControl(env).hubDailyReports / SHARDS,
    log: (level, message, details) => console[level](logLine(message, details)),
  };
}

/** A shard of the hub: the newest version of each of its routes, and what isolates have served. */
export class Hub extends DurableObject<ControlEnv> implements HubForLedgers {
  readonly #core: HubCore;
  readonly #signIns: SignIns;

  constructor(ctx: DurableObjectState, env: ControlEnv) {
    super(ctx, env);
    const platform = platformOf(ctx, env);
    this.#core = new HubCore(platform);
    this.#signIns = new SignIns(platform);
  }

  /** Takes a report as JSON, and answers news as JSON. Rejects where it cannot. */
  async report(shard: number, text: string): Promise<string> {
    return this.#core.report(shard, text);
  }

  async publish(publication: Publication): Promise<Newest> {
    return this.#core.publish(publication);
  }

  async settle(settlement: Settlement): Promise<void> {
    this.#core.settle(settlement);
  }

  async newest(key: string): Promise<Newest> {
    return this.#core.newest(key);
  }

  /** Routes in the order of their keys, as far as they are known. */
  async list(shard: number, query: ListQuery): Promise<ListPage> {
    return this.#core.list(shard, query);
  }

  /** How the shard is. */
  async health(shard: number): Promise<ShardHealth> {
    return this.#core.health(shard);
  }

  /** The releases of the gateways that it has heard of lately. */
  async releases(shard: number): Promise<readonly string[]> {
    return this.#core.releases(shard);
  }

  /** Series of a route, unless they are as they were with the tag `known`; `undefined` where the shard never heard of it. */
  async metrics(
    key: string,
    query: MetricsQuery,
    known?: string,
  ): Promise<Tagged<RouteMetrics> | undefined> {
    return this.#core.tagged.metrics(key, query, known);
  }

  /** What is concluded of the experiments of a route, unless it is as it was with the tag `known`. */
  async results(key: string, known?: string): Promise<Tagged<RouteResults> | undefined> {
    return this.#core.tagged.results(key, known);
  }

  /** Visitors of the sample, a page at a time; `after` is the `next` of the page before. */
  async exposures(
    key: string,
    after: string | null,
    limit: number,
  ): Promise<ExposurePage | undefined> {
    return this.#core.asked(shardOf(key)).exposures(key, after, limit);
  }

  /** Routes at a glance, in the order of their keys, unless they are as they were with the tag `known`. */
  async statusPage(shard: number, query: StatusQuery, known?: string): Promise<Tagged<StatusPage>> {
    return this.#core.tagged.status(shard, query, known);
  }

  /** Totals of the routes that a scope covers, for a scrape. */
  async totals(shard: number, scope: readonly string[]): Promise<ShardTotals> {
    return this.#core.asked(shard).totals(scope);
  }

  /** Takes conversions that are known elsewhere. */
  async takeGoals(key: string, goals: readonly PostedGoal[]): Promise<GoalsTaken | undefined> {
    return this.#core.asked(shardOf(key)).takeGoals(key, goals);
  }

  /** Removes what is known of a visitor; whether there was anything. */
  async forget(key: string, digest: string): Promise<boolean> {
    return this.#core.asked(shardOf(key)).forget(key, digest);
  }

  /** Keeps a sign-in code, as its digest, for a token. */
  async keepSignIn(code: SignIn): Promise<void> {
    this.#signIns.keep(code);
  }

  /** Uses a sign-in code up; gives the digest of the token that it was made with. */
  async takeSignIn(digest: string): Promise<string | undefined> {
    return this.#signIns.take(digest);
  }

  override async alarm(): Promise<void> {
    await this.#core.alarm();
  }
}
