import { isRouteKey } from "../policy/keys.ts";
import type { ShardHealth } from "../report/answers.ts";
import { readReport } from "../report/decode.ts";
import { shardOf } from "../report/shard.ts";
import {
  OVER_BUDGET,
  type News,
  type Newest,
  type Publication,
  type Report,
  type Settlement,
} from "../report/wire.ts";
import { Budget } from "./budget.ts";
import { Complaints } from "./complaints.ts";
import { Directory, mayBelieveKv } from "./directory.ts";
import { Fill } from "./fill.ts";
import { ACTIVE_MS, FORGOTTEN_MS, Isolates } from "./isolates.ts";
import { listPage, type ListQuery, type ListPage } from "./list.ts";
import { Looks } from "./looks.ts";
import { Answers } from "./measure/answers.ts";
import { LIMITS, type MeasureLimits } from "./measure/limits.ts";
import { Measure } from "./measure/measure.ts";
import { Guards } from "./guard/guards.ts";
import type { Around } from "./meet.ts";
import { Answer, dueFor } from "./news.ts";
import type { Notices } from "./notify/notice.ts";
import { Notifier } from "./notify/notifier.ts";
import type { HubPlatform } from "./platform.ts";
import { HubStore } from "./store.ts";
import { TaggedAnswers } from "./tagged.ts";

/** Everything a shard of the hub does, its side effects passed in. */
export class HubCore {
  readonly store: HubStore;
  readonly #platform: HubPlatform;
  readonly #directory: Directory;
  readonly #around: Around;
  readonly #budget: Budget;
  readonly #isolates = new Isolates();
  readonly #measure: Measure;
  readonly #looks = new Looks();
  readonly #fill: Fill;
  readonly #answers: Answers;
  /** Answers for those who may know them already. */
  readonly tagged: TaggedAnswers;
  readonly #notifier: Notifier | undefined;
  readonly #guards: Guards;
  readonly #complaints: Complaints;
  #wakesAt: number | undefined;

  constructor(platform: HubPlatform, limits: MeasureLimits = LIMITS, notices?: Notices) {
    this.#platform = platform;
    const { sql, transaction, now } = platform;
    this.store = new HubStore(sql, transaction);
    this.#budget = new Budget(this.store, platform.reportsPerDay ?? Infinity);
    this.#directory = new Directory(this.store, transaction, (key) =>
      this.#guards.changed(key, now()),
    );
    const careful = { ...platform, transaction: this.#forgetting(transaction) };
    this.#measure = new Measure(careful, this.store, this.#isolates, limits, (uneven) =>
      this.#guards.tellUneven(uneven),
    );
    const { notify } = platform;
    this.#notifier =
      notify && new Notifier({ ...platform, ...notify }, this.store, this.#measure.policies);
    this.#guards = new Guards(careful, this.#measure, notices ?? this.#notifier?.outbox);
    const looked: Around["looked"] = (key, before) => this.#notify((to) => to.looked(key, before));
    this.#around = { store: this.store, directory: this.#directory, platform, looked };
    this.#complaints = new Complaints(platform);
    this.#fill = new Fill(this.#around, this.#looks);
    this.#answers = new Answers(this.#measure, this.#guards, now);
    this.tagged = new TaggedAnswers(platform, this.#measure, (shard) => this.asked(shard));
  }

  /**
   * Takes a report, and answers with what is new; with nothing at all where the day's budget is spent.
   * Throws where it is none, or there are too many.
   */
  report(shard: number, text: string): string {
    this.#own(shard);
    if (!this.#budget.take(this.#platform.now())) return OVER_BUDGET;
    const read = readReport(text);
    if (!read.ok) throw new RangeError(read.error);
    const now = this.#platform.now();
    const report = read.value;
    const { isolate, sequence, again = false, lookups } = report;
    // Looked up first: from where the report is taken to where it is counted nothing may fail.
    const counts = this.#measure.prepare(report.routes, now);
    const taken = this.#isolates.take(isolate, sequence, again, lookups.length, now);
    if (taken.taken === "refused") throw new RangeError("too many reports; try again later");
    this.#isolates.isOf(isolate, report);
    this.#complaints.of(report.faults, now);
    const isCounted = taken.taken === "counts";
    if (isCounted) this.#measure.count(counts, now);
    const waits = isCounted && this.#guards.hear(counts, now);
    if (this.#measure.taken(now, waits)) this.#storeAll(now);
    this.#guards.judge(now);
    const news = this.#news(shard, report, lookups.slice(0, taken.lookups), now);
    this.#wake();
    return JSON.stringify(news);
  }

  /** A transaction after which notices that were not stored are not known either. */
  #forgetting(transaction: HubPlatform["transaction"]): HubPlatform["transaction"] {
    return (work) => {
      try {
        return transaction(work);
      } catch (error) {
        this.#notifier?.outbox.forget();
        throw error;
      }
    };
  }

  #news(shard: number, report: Report, lookups: readonly string[], now: number): News {
    const answer = new Answer();
    const unknown: string[] = [];
    for (const key of lookups) {
      const head = this.#headOf(shard, key);
      if (head === undefined) unknown.push(key);
      else answer.add(this.store, head);
    }
    for (const held of report.routes) {
      const head = this.#headOf(shard, held.key);
      if (head === undefined) {
        unknown.push(held.key);
        const isOurs = isRouteKey(held.key) && shardOf(held.key) === shard;
        if (isOurs && held.digest !== "absent") this.#looks.want(held.key, now);
        continue;
      }
      const due = dueFor(held, head, now);
      const looks = due !== "same" && due !== "tell" && mayBelieveKv(head, now);
      const waits = looks && this.#looks.want(held.key, now);
      const isTold = due === "look-and-tell" || due === "tell" || (due === "look-first" && !waits);
      if (isTold) answer.add(this.store, head);
    }
    const created = this.store.createdSince(report.since);
    const samples = report.routes.flatMap(({ key }) => this.#measure.samples(key));
    return {
      v: 1,
      sequence: report.sequence,
      nextMs: this.#isolates.intervalMs(now),
      routes: answer.routes,
      unknown,
      filled: this.#fill.isFilled,
      more: answer.more,
      ...(created === undefined ? {} : { created }),
      ...(samples.length > 0 && { samples }),
      cursor: this.store.cursor(),
    };
  }

  #headOf(shard: number, key: string) {
    return shardOf(key) === shard ? this.store.head(key) : undefined;
  }

  /** Takes a version as the newest, unless it has heard of a newer one; answers with the newest. */
  publish(publication: Publication): Newest {
    this.#own(shardOf(publication.key));
    const before = this.store.head(publication.key);
    const newest = this.#directory.publish(publication);
    this.#notify((to) => to.published(publication, before));
    this.#wake();
    return newest;
  }

  /** Hears that KV has a version. */
  settle(settlement: Settlement): void {
    this.#own(shardOf(settlement.key));
    this.#directory.settle(settlement);
    this.#notify((to) => to.settled(settlement.key));
  }

  /** Nothing that a shard does waits for notices, or fails with them. */
  #notify(work: (notifier: Notifier) => void): void {
    try {
      if (this.#notifier !== undefined) work(this.#notifier);
    } catch (error) {
      this.#platform.log("error", "a shard of the hub cannot take a notice", {
        error: String(error),
      });
    }
  }

  async #send(): Promise<void> {
    try {
      await this.#notifier?.run();
    } catch (error) {
      this.#platform.log("error", "a shard of the hub cannot send its notices; trying again", {
        error: String(error),
      });
    }
    this.#wake();
  }

  newest(key: string): Newest {
    this.#own(shardOf(key));
    this.#wake();
    return this.#directory.newest(key);
  }

  /** Routes in the order of their keys, as far as they are known. */
  list(shard: number, query: ListQuery): ListPage {
    this.#own(shard);
    this.#wake();
    return { ...listPage(this.store, query), filled: this.#fill.isFilled };
  }

  /** How the shard is. */
  health(shard: number): ShardHealth {
    this.#own(shard);
    this.#wake();
    const now = this.#platform.now();
    return {
      filled: this.#fill.isFilled,
      spent: this.#budget.isSpent(now),
      reportedAt: this.#isolates.lastHeard(),
      gateways: this.#isolates.gateways(now, ACTIVE_MS),
    };
  }

  /** The releases of all isolates that are not forgotten yet: one that is quiet may serve again. */
  releases(shard: number): string[] {
    this.#own(shard);
    this.#wake();
    const gateways = this.#isolates.gateways(this.#platform.now(), FORGOTTEN_MS);
    return [...new Set(gateways.map(({ release }) => release))];
  }

  /** What a shard tells of splits. */
  asked(shard: number): Answers {
    this.#own(shard);
    this.#wake();
    return this.#answers;
  }

  /** Does what is due: storing, looking, walking. Never rejects. */
  async alarm(): Promise<void> {
    this.#wakesAt = undefined;
    const shard = this.store.shard();
    if (shard === undefined) return;
    const { now } = this.#platform;
    if (this.#measure.isDue(now())) this.#storeAll(now());
    this.#trying("delete what is too old", () => this.#measure.chore(now()));
    this.#guards.judge(now());
    // What a guard takes back waits for nobody.
    await Promise.all([this.#guards.run(), this.#look(shard)]);
    // Behind all else, and not waited for: a receiver may take its time.
    if ((this.#notifier?.dueAt() ?? Infinity) <= now()) void this.#send();
    this.#wake();
  }

  async #look(shard: number): Promise<void> {
    await this.#looks.run(this.#around);
    await this.#fill.step(shard);
  }

  #storeAll(now: number): void {
    this.#trying("store its counts", () => {
      this.#measure.storeAll(now);
      this.#guards.stored(now);
    });
  }

  /** What fails is said, and tried again when it is due again. */
  #trying(what: string, work: () => void): void {
    try {
      work();
    } catch (error) {
      const message = `a shard of the hub cannot ${what}; trying again`;
      this.#platform.log("error", message, { error: String(error) });
    }
  }

  /** Sees to it that the alarm goes off when the next thing is due. */
  #wake(): void {
    const now = this.#platform.now();
    const due = [
      this.#measure.dueAt(now),
      this.#looks.dueAt(now),
      this.#fill.dueAt(),
      this.#notifier?.dueAt(),
      this.#guards.dueAt(),
    ];
    const at = Math.max(now, Math.min(...due.filter((one) => one !== undefined)));
    if (this.#wakesAt !== undefined && this.#wakesAt <= at) return;
    this.#wakesAt = at;
    this.#platform.setAlarm(at);
  }

  /** Holds an object to the shard that it was first asked as: its name is not told to alarms. */
  #own(shard: number): void {
    const own = this.store.shard();
    if (own === shard) return;
    if (own !== undefined) throw new RangeError(`this is shard ${own}, not ${shard}`);
    this.store.found(shard, this.#platform.now());
  }
}
