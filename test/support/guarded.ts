import { LedgerCore } from "../../src/ledger/core.ts";
import type { Change } from "../../src/ledger/edit-types.ts";
import type { Planner } from "../../src/ledger/edit.ts";
import { guarded } from "../../src/ledger/guarded.ts";
import { plan, type Plan } from "../../src/preview/plan.ts";
import type { MeasureLimits } from "../../src/hub/measure/limits.ts";
import type { GuardOrder, GuardOutcome, WatchedVisitor } from "../../src/report/guard.ts";
import { textDigest } from "../../src/report/digest.ts";
import {
  MAX_REPORTED_VISITORS,
  type SplitReport,
  type VisitorReport,
} from "../../src/report/measured.ts";
import { stampedVersion } from "../../src/report/stamp.ts";
import type { MadeBy, News, Report } from "../../src/report/wire.ts";
import { HubWorld, keysOf } from "./hub.ts";
import { allocationsIn, canary, digestOf, MINUTE_MS } from "./measured.ts";
import { Sqlite } from "./sqlite.ts";

/** A guard with the checks that a test is about. */
export const guardOf = (checks: readonly object[], more: object = {}) => ({
  guard: { checks, minVisitors: 5, notify: ["ops"], ...more },
});

/** At most a point more than the control's. */
export const INCREASE = { metric: "failures", maxIncrease: 1 } as const;

/** Half of the visitors on the canary, and a guard that takes it back. */
export const GUARDED = canary(50, guardOf([INCREASE]));

const plans = new Map<string, Plan>();

/** The real plan of an edit, made once for all worlds: to make it is most of an edit's work, and nothing here looks at it. */
const sharedPlanner: Planner = (key, before, after, options) => {
  const of = JSON.stringify([before ?? null, after ?? null, options]);
  const made = plans.get(of) ?? plan(key, before, after, options);
  plans.set(of, made);
  return made;
};

/** A shard with one guarded route, the real ledger of it, and an isolate that reports. */
export class GuardedWorld extends HubWorld {
  readonly key = keysOf(0, 1)[0] ?? "";
  readonly ledgerSql = new Sqlite();
  readonly ledger: LedgerCore;
  /** Every order that was sent, whatever came of it. */
  readonly sent: GuardOrder[] = [];
  /** What goes wrong between the hub and the ledger. */
  trouble: "none" | "unreachable" | "answer-lost" = "none";
  /** Whether the hub hears nothing of new versions. */
  isDeaf = false;
  /** What the ledger says of a version that the hub is about to hear of, where it says so. */
  made: MadeBy | undefined;
  #reports = 0;
  #visitors = 0;

  constructor(limits: Partial<MeasureLimits> = {}) {
    super(0, limits);
    const sql = this.ledgerSql;
    this.ledger = new LedgerCore(
      {
        sql,
        transaction: (work) => sql.transaction(work),
        read: async (key) => {
          const { text, metadata } = this.kv.get(key) ?? { text: null, metadata: null };
          return { text, version: text === null ? undefined : stampedVersion(text, metadata) };
        },
        write: async (key, text, version) => {
          if (text !== null) this.put(key, version, text);
        },
        hub: {
          publish: async (publication) => {
            if (this.isDeaf) throw new Error("the hub does not answer");
            return this.core.publish({ ...publication, ...(this.made && { made: this.made }) });
          },
          settle: async (settlement) => this.core.settle(settlement),
          newest: async (key) => this.core.newest(key),
          releases: async () => this.core.releases(this.shard),
        },
        setAlarm: () => {},
        now: () => this.now,
        sleep: () => new Promise(() => {}),
        random: () => 0.5,
        log: () => {},
      },
      { allowPrivateOrigins: false, propagationMs: 0 },
      sharedPlanner,
    );
  }

  /** A world whose route has a policy. */
  static async with(text = GUARDED, limits: Partial<MeasureLimits> = {}): Promise<GuardedWorld> {
    const world = new GuardedWorld(limits);
    await world.write(text);
    return world;
  }

  override async guard(order: GuardOrder): Promise<GuardOutcome> {
    this.sent.push(order);
    if (this.trouble === "unreachable") throw new Error("the ledger does not answer");
    const outcome = await guarded(this.ledger, order, () => this.now);
    if (this.trouble === "answer-lost") throw new Error("the answer is lost");
    return outcome;
  }

  /** A person's edit. */
  async edit(change: Change, made?: Partial<MadeBy>): Promise<number> {
    this.made = made && { author: "ada", action: "put", note: "", silences: false, ...made };
    const edited = await this.ledger.edit({
      key: this.key,
      change,
      expects: { want: this.text === "" ? "none" : "any" },
      allowReshuffle: true,
      override: true,
      author: "ada",
      note: "",
      detail: "",
      now: this.now,
      idempotency: undefined,
    });
    this.made = undefined;
    if (!edited.ok) throw new Error(JSON.stringify(edited.error));
    return edited.value.version;
  }

  /** A person puts a policy. */
  async write(text: string, made?: Partial<MadeBy>): Promise<number> {
    return this.edit({ kind: "put", policy: JSON.parse(text), apply: false }, made);
  }

  get version(): number {
    return this.ledger.store.latest()?.version ?? 0;
  }

  get text(): string {
    return this.ledger.store.latest()?.text ?? "";
  }

  policy(): Record<string, unknown> {
    return JSON.parse(this.text) as Record<string, unknown>;
  }

  /** Versions that guards made. */
  get byGuard() {
    return this.ledger.store.newest(100).filter(({ author }) => author === "guard");
  }

  /** A report of the route's first split, from another isolate each time: none may report so often. */
  tell(more: Partial<SplitReport>, sent: Partial<Report> = {}): News {
    const { visitors = [], ...rest } = more;
    // As many as one report has room for.
    for (let from = MAX_REPORTED_VISITORS; from < visitors.length; from += MAX_REPORTED_VISITORS)
      this.#tell({ visitors: visitors.slice(from, from + MAX_REPORTED_VISITORS) });
    return this.#tell({ ...rest, visitors: visitors.slice(0, MAX_REPORTED_VISITORS) }, sent);
  }

  #tell(more: Partial<SplitReport>, sent: Partial<Report> = {}): News {
    this.#reports += 1;
    const [[experiment, allocation] = []] = allocationsIn(this.key, this.text, this.now);
    if (experiment === undefined || allocation === undefined) throw new Error("no split");
    const split = { experiment, allocation, minutes: [], ...more };
    const route = { key: this.key, version: this.version, digest: textDigest(this.text) };
    const report = { isolate: `i-${this.#reports}`, sequence: 1, ...sent };
    return this.report({ ...report, routes: [{ ...route, splits: [split] }] });
  }

  /** Visitors whom nobody has met. */
  visitors(count: number, variant: string, more: Partial<VisitorReport> = {}): VisitorReport[] {
    return Array.from({ length: count }, () => {
      this.#visitors += 1;
      const digest = digestOf(this.#visitors);
      return { digest, variant, exposure: "drawn", at: this.now, ...more };
    });
  }

  /** The same with a failure each, and an address of their own. */
  failing(count: number, variant: string, more: Partial<VisitorReport> = {}): VisitorReport[] {
    return this.visitors(count, variant, more).map((one) => ({
      ...one,
      failed: [Math.floor(this.now / MINUTE_MS)],
      address: one.digest,
      ...more,
    }));
  }

  /** Reports of a canary that fails for as many as it serves well, beside a control that is sound. */
  breaks(pairs = 20): News {
    return this.tell({
      visitors: [
        ...this.failing(pairs, "canary"),
        ...this.visitors(pairs, "canary"),
        ...this.visitors(2 * pairs, "stable"),
      ],
    });
  }

  /** Visitors in a window, each from an address of their own. */
  watched(count: number, variant: string, more: Partial<WatchedVisitor> = {}): WatchedVisitor[] {
    return this.visitors(count, variant).map(({ digest }) => ({
      digest,
      variant,
      at: this.now,
      latency: 17,
      address: digest,
      ...more,
    }));
  }

  /** Where the guard of the first split stands. */
  status() {
    const found = this.core.asked(this.shard).results(this.key)?.experiments[0]?.guard;
    if (found === undefined || found === null) throw new Error("no guard");
    return found;
  }

  rows(table: string): number {
    return this.sql.exec<{ n: number }>(`SELECT count(*) AS n FROM ${table}`).toArray()[0]?.n ?? 0;
  }

  /** Notices of one kind. */
  notices(event: string) {
    return this.noticed.filter((notice) => notice.event === event);
  }
}
