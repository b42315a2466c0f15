import { HubCore } from "../../../src/hub/core.ts";
import { LedgerCore } from "../../../src/ledger/core.ts";
import type { Change, Edit } from "../../../src/ledger/edit-types.ts";
import { readNews } from "../../../src/report/decode.ts";
import { textDigest } from "../../../src/report/digest.ts";
import { mayServe, UNHEARD, type Heard } from "../../../src/report/newer.ts";
import { shardOf } from "../../../src/report/shard.ts";
import { stampedVersion, stampOf } from "../../../src/report/stamp.ts";
import type { HubForLedgers, Publication, Report } from "../../../src/report/wire.ts";
import { Sqlite } from "../../support/sqlite.ts";

export const KEY = "shop";
const SHARD = shardOf(KEY);

/** Another route of the same shard, which divides visitors: its counts are stored in another way. */
export const SPLIT_KEY = Array.from({ length: 1000 }, (_one, n) => `split-${n}`).find(
  (key) => shardOf(key) === SHARD,
) as string;
const SPLIT = JSON.stringify({
  strategy: "canary",
  stable: "https://a.example.com",
  canary: "https://b.example.com",
  percent: 5,
});

/** A KV read may tell what was there so long ago (ms), and no longer. */
const LATE_MS = 119_000;

/** What a value in KV was, and from when on. */
interface InKv {
  readonly from: number;
  readonly text: string | null;
  readonly metadata: unknown;
}

/** An isolate as it reports: what it holds, what it has heard of, what it has served. */
export interface Isolate {
  readonly name: string;
  sequence: number;
  held: { version: number; text: string | null };
  heard: Heard;
  seen: string | undefined;
  /** The report that was sent and not yet answered. */
  waiting: Report | undefined;
}

class Crash extends Error {}

/** What goes wrong with the next call between two parties. */
export type Fault = "none" | "fails" | "lost";

/** A ledger, a shard and isolates round one route, with a KV that is late and calls that get lost. */
export class Fleet {
  now = 1_800_000_000_000;
  faults: Fault[] = [];
  readonly kv: InKv[] = [{ from: 0, text: null, metadata: null }];
  /** How late the next read of KV is, as a share of how late it may be. */
  lateness = 0;
  ledgerSql = new Sqlite();
  hubSql = new Sqlite();
  ledgerAlarm: number | undefined;
  hubAlarm: number | undefined;
  ledger: LedgerCore;
  hub: HubCore;
  readonly isolates: Isolate[] = ["a", "b"].map((name) => this.#isolate(name));
  /** Every report that was ever sent, as it went over the wire. */
  readonly sent: string[] = [];
  /** Every publication that reached the hub. */
  readonly publications: Publication[] = [];
  /** Reports that the hub has taken, by isolate and sequence: the requests that count. */
  readonly delivered = new Map<string, number>();
  /** What people wrote, in the order in which they did: texts are never twice the same. */
  readonly written = new Map<string, number>();
  #order = 0;
  #isDead = false;
  #texts = 0;
  /** The place in that order of the newest word of a ledger that the hub has been told. */
  toldToHub = 0;
  readonly #orders = new Map<string, number>();

  constructor() {
    this.ledger = this.#startLedger(true);
    this.hub = this.#startHub();
    this.#addSplit();
  }

  #addSplit(): void {
    this.hub.publish({ key: SPLIT_KEY, version: 1, text: SPLIT, at: this.now });
  }

  #isolate(name: string): Isolate {
    return {
      name,
      sequence: 0,
      held: { version: 0, text: null },
      heard: UNHEARD,
      seen: undefined,
      waiting: undefined,
    };
  }

  nextText(): string {
    this.#texts += 1;
    return `"https://t${this.#texts}.example.com"`;
  }

  /** Writes down that somebody has just written a text, or ordered one anew. */
  say(text: string | null): number {
    this.#order += 1;
    if (text !== null) this.written.set(textDigest(text), this.#order);
    return this.#order;
  }

  #fault(): void {
    if (this.faults.shift() === "fails") throw new Error("does not answer");
  }

  async #called<T>(work: () => T): Promise<T> {
    const fault = this.faults.shift() ?? "none";
    if (fault === "fails") throw new Error("does not answer");
    const result = work();
    if (fault === "lost") throw new Error("no answer");
    return result;
  }

  put(text: string | null, metadata: unknown): void {
    this.kv.push({ from: this.now, text, metadata });
  }

  /** What KV tells now: what it has, or had a while ago. */
  read(): InKv {
    const at = this.now - this.lateness * LATE_MS;
    const told = this.kv.findLast(({ from }) => from <= at) ?? this.kv[0];
    if (told === undefined) throw new Error("KV was never there");
    return told;
  }

  /** A ledger over its tables; one of an earlier release knows no hub, and writes no digest. */
  #startLedger(isNew: boolean): LedgerCore {
    const sql = this.ledgerSql;
    const hub: HubForLedgers = {
      publish: async (publication) =>
        this.#called(() => {
          this.publications.push(publication);
          const newest = this.#atHub(() => this.hub.publish(publication));
          const order = this.#orders.get(`${publication.version} ${publication.at}`) ?? 0;
          if (newest.version === publication.version)
            this.toldToHub = Math.max(this.toldToHub, order);
          return newest;
        }),
      settle: async (settlement) =>
        this.#called(() => this.#atHub(() => this.hub.settle(settlement))),
      newest: async (key) => this.#called(() => this.#atHub(() => this.hub.newest(key))),
    };
    return new LedgerCore(
      {
        sql,
        transaction: (work) => sql.transaction(work),
        read: async () => {
          this.#fault();
          const { text, metadata } = this.read();
          return { text, version: text === null ? undefined : stampedVersion(text, metadata) };
        },
        write: async (_key, text, version) =>
          this.#called(() =>
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
      sql,
      transaction: (work) => sql.transaction(work),
      read: async () => {
        this.#fault();
        return this.read();
      },
      list: async () => {
        this.#fault();
        const { text, metadata } = this.read();
        return { keys: text === null ? [] : [{ name: KEY, metadata }], cursor: undefined };
      },
      ledger: async () => this.#called(() => this.ledger.delivery.hubOutbox.standing()),
      setAlarm: (at) => {
        this.hubAlarm = at;
      },
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

  /** Digest of the text put by hand that rules at the hub. */
  ruling(): string | undefined {
    const { before } = this.hubSql;
    this.hubSql.before = () => {};
    const head = this.hub.store.head(KEY);
    this.hubSql.before = before;
    return head?.byHand;
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

  /** What an isolate does with a text that KV or the hub tells. */
  #take(isolate: Isolate, text: string | null, version: number | undefined): void {
    const digest = textDigest(text);
    if (mayServe({ version, digest }, isolate.heard, false)) {
      isolate.held = { version: version ?? 0, text };
      isolate.seen = undefined;
      if (version !== undefined && version > isolate.heard.version)
        isolate.heard = { version, byHand: undefined };
    } else if (version === undefined) isolate.seen = digest;
  }

  refresh(isolate: Isolate): void {
    const { text, metadata } = this.read();
    this.#take(isolate, text, text === null ? undefined : stampedVersion(text, metadata));
  }

  /** Sends what an isolate has to say, or what it said before and nobody answered. */
  report(isolate: Isolate, requests: number, fault: Fault): void {
    const { version, text } = isolate.held;
    const { waiting, seen } = isolate;
    if (waiting === undefined) isolate.sequence += 1;
    const report: Report = waiting
      ? { ...waiting, again: true }
      : {
          v: 1,
          isolate: isolate.name,
          sequence: isolate.sequence,
          routes: [
            { key: KEY, version, digest: textDigest(text), requests, ...(seen ? { seen } : {}) },
            { key: SPLIT_KEY, version: 1, digest: textDigest(SPLIT), requests },
          ],
          lookups: text === null ? [KEY] : [],
          since: 0,
        };
    isolate.waiting = report;
    const wire = JSON.stringify(report);
    this.sent.push(wire);
    if (fault === "fails") return;
    const answer = this.deliver(wire);
    if (fault === "lost" || answer === undefined) return;
    isolate.waiting = undefined;
    for (const news of readNews(answer)?.routes ?? [])
      if (news.key === KEY) this.#hear(isolate, news);
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

  #hear(isolate: Isolate, news: { version: number; text: string | null; over?: number }): void {
    const { version, text, over = 0 } = news;
    if (version === 0) {
      if (over < isolate.heard.version) return;
      isolate.heard = { version: over, byHand: textDigest(text) };
      isolate.held = { version: 0, text };
      return;
    }
    if (version < isolate.heard.version) return;
    isolate.heard = { version, byHand: undefined };
    isolate.held = { version, text };
    isolate.seen = undefined;
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

  /** Everything works from now on, and time passes: where all of it ends. */
  async settle(): Promise<void> {
    this.faults = [];
    this.lateness = 0;
    this.hubSql.before = () => {};
    for (let round = 0; round < 12; round += 1) {
      this.now += 61_000;
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
