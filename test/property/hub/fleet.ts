import { HubCore } from "../../../src/hub/core.ts";
import type { Head } from "../../../src/hub/head.ts";
import { LedgerCore } from "../../../src/ledger/core.ts";
import type { Change, Edit } from "../../../src/ledger/edit-types.ts";
import { readNews } from "../../../src/report/decode.ts";
import { textDigest } from "../../../src/report/digest.ts";
import { shardOf } from "../../../src/report/shard.ts";
import { stampedVersion, stampOf } from "../../../src/report/stamp.ts";
import type { HubForLedgers, Publication, Report } from "../../../src/report/wire.ts";
import { Sqlite } from "../../support/sqlite.ts";
import { Isolate } from "./isolate.ts";
import { measuredOf, SPLIT } from "./measured.ts";
import { SETTLING, World, type Fault } from "./world.ts";

export const KEY = "shop";
const SHARD = shardOf(KEY);

/** Another route of the same shard, which divides visitors: its counts are stored in another way. */
export const SPLIT_KEY = Array.from({ length: 1000 }, (_one, n) => `split-${n}`).find(
  (key) => shardOf(key) === SHARD,
) as string;

class Crash extends Error {}

/** A ledger, a shard and isolates round one route, with a KV that is late and calls that get lost. */
export class Fleet extends World {
  ledgerSql = new Sqlite();
  hubSql = new Sqlite();
  ledgerAlarm: number | undefined;
  hubAlarm: number | undefined;
  ledger: LedgerCore;
  hub: HubCore;
  readonly isolates = ["a", "b"].map((name) => new Isolate(name, KEY));
  /** Every report that was ever sent, as it went over the wire. */
  readonly sent: string[] = [];
  /** Every publication that reached the hub. */
  readonly publications: Publication[] = [];
  /** Reports that the hub has taken, by isolate and sequence: the requests that count. */
  readonly delivered = new Map<string, number>();
  #isDead = false;
  /** The place among all that was written of the newest word of a ledger that the hub has been told. */
  toldToHub = 0;
  readonly #orders = new Map<string, number>();

  constructor() {
    super();
    this.ledger = this.#startLedger(true);
    this.hub = this.#startHub();
    this.#addSplit();
  }

  #addSplit(): void {
    this.hub.publish({ key: SPLIT_KEY, version: 1, text: SPLIT, at: this.now });
  }

  /** A ledger over its tables; one of an earlier release knows no hub, and writes no digest. */
  #startLedger(isNew: boolean): LedgerCore {
    const sql = this.ledgerSql;
    const hub: HubForLedgers = {
      publish: async (publication) =>
        this.called(() => {
          this.publications.push(publication);
          const newest = this.#atHub(() => this.hub.publish(publication));
          const order = this.#orders.get(`${publication.version} ${publication.at}`) ?? 0;
          if (newest.version === publication.version)
            this.toldToHub = Math.max(this.toldToHub, order);
          return newest;
        }),
      settle: async (settlement) =>
        this.called(() => this.#atHub(() => this.hub.settle(settlement))),
      newest: async (key) => this.called(() => this.#atHub(() => this.hub.newest(key))),
      releases: async (shard) => this.called(() => this.#atHub(() => this.hub.releases(shard))),
    };
    return new LedgerCore(
      {
        sql,
        transaction: (work) => sql.transaction(work),
        read: async () => {
          this.fault();
          const { text, metadata } = this.read();
          return { text, version: text === null ? undefined : stampedVersion(text, metadata) };
        },
        write: async (_key, text, version) =>
          this.called(() =>
            this.put(text, text === null ? null : isNew ? stampOf(text, version) : { version }),
          ),
        hub: isNew ? hub : undefined,
        setAlarm: (at) => {
          this.ledgerAlarm = at;
        },
        now: () => this.now,
        sleep: () => new Promise(() => {}),
        random: () => 0.5,
        log: () => {},
      },
      { allowPrivateOrigins: false, propagationMs: 160_000 },
    );
  }

  #startHub(): HubCore {
    const sql = this.hubSql;
    return new HubCore({
      boot: "",
      sql,
      transaction: (work) => sql.transaction(work),
      read: async () => {
        this.fault();
        return this.read();
      },
      list: async () => {
        this.fault();
        const { text, metadata } = this.read();
        return { keys: text === null ? [] : [{ name: KEY, metadata }], cursor: undefined };
      },
      ledger: async () => this.called(() => this.ledger.delivery.hubOutbox.standing()),
      setAlarm: (at) => void (this.hubAlarm = at),
      now: () => this.now,
      log: () => {},
    });
  }

  /** A call to the hub, which may crash between any two of its statements. */
  #atHub<T>(work: () => T): T {
    try {
      return work();
    } finally {
      if (this.#isDead) this.crashHub();
    }
  }

  /** What the hub knows of the route. */
  head(): Head | undefined {
    const { before } = this.hubSql;
    this.hubSql.before = () => {};
    const head = this.hub.store.head(KEY);
    this.hubSql.before = before;
    return head;
  }

  /** The hub crashes before so many more statements have run. */
  crashHubAfter(statements: number): void {
    let left = statements;
    this.hubSql.before = () => {
      if (left === 0) {
        this.#isDead = true;
        throw new Crash();
      }
      left -= 1;
    };
  }

  crashHub(): void {
    this.#isDead = false;
    this.hubSql.before = () => {};
    this.hub = this.#startHub();
    // An alarm that was cut off goes off again.
    this.hubAlarm ??= this.now;
  }

  /** A shard is lost with all that it stored. */
  loseHub(): void {
    this.hubSql = new Sqlite();
    this.toldToHub = 0;
    this.crashHub();
    this.#addSplit();
  }

  crashLedger(): void {
    this.ledger = this.#startLedger(true);
    this.ledgerAlarm ??= this.now;
  }

  /** An edit as the API makes one: from the newest version. */
  async edit(change: Change, text: string | null, more: Partial<Edit> = {}, isNew = true) {
    if (!isNew) this.ledger = this.#startLedger(false);
    const latest = this.ledger.store.latest();
    const order = this.say(text);
    const done = await this.ledger.edit({
      key: KEY,
      change,
      expects: latest?.text == null ? { want: "none" } : { want: "any" },
      author: "ann",
      note: "",
      detail: "",
      allowReshuffle: true,
      override: false,
      now: this.now,
      idempotency: undefined,
      ...more,
    });
    if (!isNew) this.crashLedger();
    if (done.ok) this.#note(order);
    return done;
  }

  async republish(): Promise<void> {
    if (this.ledger.store.latest() === undefined) return;
    const order = this.say(null);
    const ordered = this.ledger.republish({
      expects: { want: "any" },
      author: "ann",
      note: "",
      override: true,
    });
    this.#note(order);
    await ordered;
  }

  #note(order: number): void {
    const standing = this.ledger.delivery.hubOutbox.standing();
    if (standing === undefined) return;
    const name = `${standing.version} ${standing.at}`;
    if (!this.#orders.has(name)) this.#orders.set(name, order);
  }

  refresh(isolate: Isolate): void {
    const { text, metadata } = this.read();
    isolate.refresh(text, text === null ? undefined : stampedVersion(text, metadata));
  }

  /** Sends what an isolate has to say, or what it said before and nobody answered. */
  report(isolate: Isolate, requests: number, fault: Fault): void {
    const split = {
      key: SPLIT_KEY,
      version: 1,
      digest: textDigest(SPLIT),
      requests,
      ...measuredOf(SPLIT_KEY, requests, this.now),
    };
    const report = isolate.report(requests, split);
    isolate.waiting = report;
    const wire = JSON.stringify(report);
    this.sent.push(wire);
    if (fault === "fails") return;
    const answer = this.deliver(wire);
    if (fault === "lost" || answer === undefined) return;
    isolate.waiting = undefined;
    for (const news of readNews(answer)?.routes ?? []) if (news.key === KEY) isolate.hear(news);
  }

  /** A publication comes again, late. */
  publishAgain(publication: Publication): void {
    try {
      this.#atHub(() => this.hub.publish(publication));
    } catch (error) {
      if (!(error instanceof Crash)) throw error;
    }
  }

  /** What a report comes to at the hub; `undefined` where it fails. */
  deliver(wire: string): string | undefined {
    const { isolate, sequence, routes } = JSON.parse(wire) as Report;
    try {
      const answer = this.#atHub(() => this.hub.report(SHARD, wire));
      this.delivered.set(`${isolate} ${sequence}`, routes[0]?.requests ?? 0);
      return answer;
    } catch {
      // It may have been taken all the same.
      this.delivered.set(`${isolate} ${sequence}`, routes[0]?.requests ?? 0);
      return undefined;
    }
  }

  async ringLedger(): Promise<void> {
    if (this.ledgerAlarm === undefined || this.ledgerAlarm > this.now) return;
    this.ledgerAlarm = undefined;
    await this.ledger.delivery.alarm();
  }

  async ringHub(): Promise<void> {
    if (this.hubAlarm === undefined || this.hubAlarm > this.now) return;
    this.hubAlarm = undefined;
    try {
      await this.hub.alarm();
    } catch (error) {
      if (!(error instanceof Crash)) throw error;
    }
    if (this.#isDead) this.crashHub();
  }

  /** Everything works from now on, and time passes as `SETTLING` says: where all of it ends. */
  async settle(): Promise<void> {
    this.faults = [];
    this.lateness = 0;
    this.hubSql.before = () => {};
    for (const ms of SETTLING) {
      this.now += ms;
      await this.ringLedger();
      await this.ringLedger();
      await this.ringHub();
      for (const isolate of this.isolates) {
        this.refresh(isolate);
        this.report(isolate, 0, "none");
        this.report(isolate, 0, "none");
      }
      await this.ringHub();
    }
  }
}
