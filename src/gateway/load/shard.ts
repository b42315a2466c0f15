import { RELEASE } from "../../lib/release.ts";
import { readNews } from "../../report/decode.ts";
import { SILENT_HUB_MS } from "../../report/newer.ts";
import {
  MAX_INTERVAL_MS,
  MAX_REPORTED_ROUTES,
  type HeldRoute,
  type HubWire,
  type News,
  type Report,
} from "../../report/wire.ts";
import type { Platform } from "../platform.ts";
import type { Copies } from "./copies.ts";
import type { KnownPolicies } from "./known-policies.ts";
import type { Bounds } from "../record/bounds.ts";
import { elapsed, NEVER } from "./kv.ts";
import { Tally, type SentRoute } from "./tally.ts";
import { within } from "./within.ts";

/** A report may take so long (ms) before it counts as failed. */
export const HUB_TIMEOUT_MS = 2000;

/** After so many failures the pauses grow no longer: 1 s six times doubled is above the longest. */
const MAX_DOUBLINGS = 6;

/** What every shard of an isolate shares. */
export interface Wiring {
  readonly wire: HubWire;
  /** Random, once for each isolate. */
  readonly isolate: string;
  /** The id of the version of this Worker, where it is known. */
  readonly worker: string | undefined;
  readonly policies: KnownPolicies;
  readonly copies: Copies;
  readonly reportIntervalMs: number;
  readonly platform: Platform;
  /** Of all shards together. */
  readonly bounds: Bounds;
  /** Makes ready what waits to be counted. */
  readonly settle: () => void;
  /** Told when a shard goes away, with the error, and when it is back. */
  readonly tell: (shard: number, error?: string) => void;
}

/** A report on its way: as text, for it may wait long, and what its answer is taken up by. */
interface Outgoing extends Pick<Report, "sequence" | "since" | "lookups"> {
  readonly held: readonly Pick<HeldRoute, "key" | "digest">[];
  readonly text: string;
}

/** How this isolate stands with one shard of the hub: what it counted for it, what was answered, when to ask next. */
export class Shard {
  readonly tally: Tally;
  intervalMs: number;
  /** Since when there is somebody who will report (ms). */
  timerAt = NEVER;
  /** Since when it has answered nothing (ms); `undefined` while it answers. */
  failingSince: number | undefined;
  /** Keys that it is being asked about, and since when (ms). */
  readonly #asked = new Map<string, number>();
  readonly #index: number;
  readonly #wiring: Wiring;
  /** The last report that was answered. Number 1 is the acquaintance's, and counts nothing. */
  #sequence = 1;
  /** The report that was not answered yet: it is sent again as it is, so that it counts once. */
  #unanswered: Outgoing | undefined;
  #since = 0;
  /** When to report next (ms); 0 for at once. */
  #dueAt = 0;
  /** By how long the reports before it were early, as far as no pause has made up for that (ms). */
  #aheadMs = 0;
  /** Nobody else reports before this time (ms). */
  #busyUntil = 0;
  #failures = 0;

  constructor(index: number, wiring: Wiring) {
    this.#index = index;
    this.#wiring = wiring;
    this.tally = new Tally(wiring.bounds);
    this.intervalMs = wiring.reportIntervalMs;
  }

  #now(): number {
    return this.#wiring.platform.now();
  }

  /** By chance between a half and 1. */
  #share(): number {
    return 1 - this.#wiring.platform.random() / 2;
  }

  /** Whether it has said nothing for so long that KV alone speaks. */
  isSilent(): boolean {
    return this.#now() - (this.failingSince ?? Infinity) >= SILENT_HUB_MS;
  }

  /** Since when it is being asked about a key (ms); `undefined` where it is not, or has answered nothing lately. */
  askedSince(key: string): number | undefined {
    const since = this.failingSince === undefined ? this.#asked.get(key) : undefined;
    // One that was lost with its request is nobody's any more.
    return elapsed(this.#now(), since ?? NEVER) < HUB_TIMEOUT_MS ? since : undefined;
  }

  /** In how long a report is due, with nobody else's on its way (ms); a clock that was set back keeps nobody waiting. */
  freeIn(): number {
    const left = Math.max(this.#dueAt, this.#busyUntil) - this.#now();
    return left > 2 * MAX_INTERVAL_MS ? 0 : left;
  }

  /** Whether a report may go before it is due: by one interval at most all in all, so that there are never more of them. */
  get mayGoEarly(): boolean {
    const isFree = this.failingSince === undefined && this.#busyUntil <= this.#now();
    return isFree && this.freeIn() + this.#aheadMs <= this.intervalMs;
  }

  /**
   * Looks a key up under a number that was answered before: it counts nothing, in whatever order it
   * arrives. One that the hub, which has heard of all there are, has not goes to `unknown`.
   */
  async lookUp(key: string, unknown: Set<string>): Promise<void> {
    const news = await this.#send(this.#reportOf(this.#sequence, [], [key]));
    if (news === undefined) return;
    // Isolates that a deployment starts together do not report together ever after.
    if (this.#dueAt === 0) this.#dueAt = this.#now() + this.intervalMs * this.#share();
    if (news.filled === true) for (const name of news.unknown) unknown.add(name);
  }

  /** Sends one report, the one that was not answered first. */
  async report(): Promise<void> {
    const { policies, copies, settle } = this.#wiring;
    const begin = this.#now();
    const ahead = Math.max(0, this.freeIn() + this.#aheadMs);
    this.#busyUntil = begin + HUB_TIMEOUT_MS;
    const again = this.#unanswered;
    if (again === undefined) settle();
    const report = (this.#unanswered ??= this.#reportOf(
      this.#sequence + 1,
      this.tally.take((key) => policies.held(key)),
      [],
    ));
    const text = again && `{"again":true,${again.text.slice(1)}`;
    const news = await this.#send(report, text);
    this.#busyUntil = 0;
    if (news === undefined) return;
    this.#unanswered = undefined;
    this.#sequence = report.sequence;
    this.#dueAt = news.more ? 0 : begin + this.intervalMs;
    this.#aheadMs = news.more ? 0 : ahead;
    const keys = report.held.map(({ key }) => key);
    this.tally.sample(keys, news.samples ?? []);
    for (const key of keys) await copies.keep([key], policies);
  }

  #reportOf(sequence: number, routes: readonly SentRoute[], lookups: readonly string[]): Outgoing {
    const { isolate, worker } = this.#wiring;
    const since = this.#since;
    const report = { v: 1, isolate, release: RELEASE, worker, sequence, routes, lookups, since };
    const held = routes.map(({ key, digest }) => ({ key, digest }));
    return { sequence, since, lookups, held, text: JSON.stringify(report) };
  }

  /** Sends a report within its time and takes up the news; `undefined` where there are none. */
  async #send(report: Outgoing, text = report.text): Promise<News | undefined> {
    const { wire, platform, tell } = this.#wiring;
    const begin = this.#now();
    const keys = [...report.lookups, ...report.held.map(({ key }) => key)];
    // What was lost with the requests that asked must not pile up.
    if (this.#asked.size > MAX_REPORTED_ROUTES) this.#asked.clear();
    for (const key of keys) this.#asked.set(key, begin);
    const call = async () => wire.report(this.#index, text);
    try {
      const news = readNews((await within(HUB_TIMEOUT_MS, call(), platform)) ?? "");
      if (news?.sequence !== report.sequence) throw new Error("no news in time");
      this.#takeUp(report, news);
      return news;
    } catch (error) {
      if (this.failingSince === undefined) tell(this.#index, String(error));
      this.failingSince ??= begin;
      const pause = this.intervalMs * 2 ** Math.min(this.#failures, MAX_DOUBLINGS);
      this.#failures += 1;
      // Nor do isolates that failed together come back together.
      this.#dueAt = this.#now() + Math.min(MAX_INTERVAL_MS, pause) * this.#share();
      return undefined;
    } finally {
      for (const key of keys) this.#asked.delete(key);
    }
  }

  #takeUp(report: Outgoing, news: News): void {
    const { policies, reportIntervalMs, tell } = this.#wiring;
    this.intervalMs = Math.max(reportIntervalMs, news.nextMs);
    if (this.failingSince !== undefined) tell(this.#index);
    this.failingSince = undefined;
    this.#failures = 0;
    const told = new Set(news.unknown);
    for (const key of told) policies.isUnknown(key);
    for (const route of news.routes) {
      told.add(route.key);
      policies.fromHub(route, report.lookups.includes(route.key));
    }
    // Where there is more to tell, it may be of any of them.
    if (!news.more)
      for (const { key, digest } of report.held) if (!told.has(key)) policies.confirm(key, digest);
    for (const key of news.created ?? []) policies.forgetAbsent(key);
    // What was absent at the first contact was read just now.
    if (news.created === undefined && report.since > 0) policies.forgetAbsent();
    this.#since = news.cursor;
  }
}
