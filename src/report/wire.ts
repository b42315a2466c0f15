import type { MeasuredRoute, SampleRate } from "./measured.ts";

/**
 * The wire between the isolates that serve and the hub that hears of it. Both ends may be of two
 * releases at once: fields are only ever added, an unknown one is ignored, a missing one has the
 * value that is said here, and a hub without the method counts as no hub.
 */

/** What one isolate holds of one route, and what it counted of it. */
export interface HeldRoute extends MeasuredRoute {
  readonly key: string;
  /** The ledger's number of the text in memory; 0 for a text without one, or for none. */
  readonly version: number;
  /** `textDigest` of the text in memory; `absent` for none. */
  readonly digest: string;
  /** Requests served since the last report that was acknowledged; 0 where it is left out. */
  readonly requests?: number;
  /**
   * `textDigest` of a text without a number that KV gave and that was not served, for the hub had
   * told of a version; `absent` where KV had nothing. The hub then looks whether it rules.
   */
  readonly seen?: string;
}

/** What an isolate tells one shard. */
export interface Report {
  readonly v: 1;
  /** Random, once for each isolate. */
  readonly isolate: string;
  /** From 1, one more for each new report to this shard. A report that is sent again keeps its number, and counts once. */
  readonly sequence: number;
  readonly routes: readonly HeldRoute[];
  /** Keys to look up that are not in memory: {@link MAX_LOOKUPS} at most. */
  readonly lookups: readonly string[];
  /** The `created` cursor of the last news from this shard; 0 for none yet. */
  readonly since: number;
  /**
   * Whether this report was sent before, and no answer came. A hub that no longer knows the isolate
   * cannot tell whether it counted such a report, and then does not; `false` where it is left out.
   */
  readonly again?: boolean;
  /** The release of the gateway, of {@link MAX_RELEASE_CHARS} at most; one from before it said so where it is left out. */
  readonly release?: string;
  /** The id of the version of its Worker, of {@link MAX_WORKER_CHARS} at most; left out where it is not bound to that. */
  readonly worker?: string;
}

/** The newest that the hub has of one route. */
export interface NewsRoute {
  readonly key: string;
  /** The ledger's number; 0 for a text that somebody put to KV by hand and that rules. */
  readonly version: number;
  /** `null` where this version deleted the route. */
  readonly text: string | null;
  /**
   * With `version` 0: the ledger's number that the text put by hand stands in place of. Whoever
   * holds a ledger's version above it keeps that; 0 where it is left out.
   */
  readonly over?: number;
}

/** What the hub answers to a report. */
export interface News {
  readonly v: 1;
  /** The sequence that this answers. */
  readonly sequence: number;
  /** Report again after so long (ms): {@link MIN_INTERVAL_MS} to {@link MAX_INTERVAL_MS}. */
  readonly nextMs: number;
  /** Routes of the report that the hub has newer, and what look-ups found. */
  readonly routes: readonly NewsRoute[];
  /**
   * Keys of the report and of its look-ups that the hub has never heard of: KV alone speaks for them.
   * A look-up that is neither here nor among `routes` was not made, for there were too many: ask again.
   */
  readonly unknown: readonly string[];
  /**
   * Whether the hub has heard of all routes there are. Only then does an unknown key mean, where KV
   * says nothing, that there is no such route; `false` where it is left out.
   */
  readonly filled?: boolean;
  /** Whether there was more to tell than an answer holds: report again at once. */
  readonly more: boolean;
  /** Keys created since `since`. `undefined` where there are too many, or the hub does not know: forget every absent key. */
  readonly created?: readonly string[];
  /** Splits of which the hub does not want to hear of all visitors; of all others it does. */
  readonly samples?: readonly SampleRate[];
  /** What to say as `since` next time. */
  readonly cursor: number;
}

/** What a ledger tells the hub when an edit is accepted, before KV. */
export interface Publication {
  readonly key: string;
  readonly version: number;
  /** `null` where this version deleted the route. */
  readonly text: string | null;
  /** When it was accepted (ms since the epoch). The same version with a later time was ordered to KV anew, over whatever was put there by hand. */
  readonly at: number;
  /** `textDigest` of the text put by hand that it replaces, where the ledger saw one. */
  readonly replaces?: string;
  /** Who made it, and how; absent from a ledger of an earlier release. */
  readonly made?: MadeBy;
}

/** Who made a version, and how. */
export interface MadeBy {
  readonly author: string;
  /** The word that the history keeps for it: `put`, `abort`, `grant` and the like. */
  readonly action: string;
  readonly note: string;
  /** Whether it gives back, by a person's action, what the guard took: the guard is silent about this version. */
  readonly silences: boolean;
}

/** What a ledger tells the hub of KV. */
export interface Settlement {
  readonly key: string;
  /** The version that KV has by now. */
  readonly version: number;
  /** The `at` of the publication that is done with this. */
  readonly at: number;
  /** When the put was done (ms since the epoch). */
  readonly putAt: number;
}

/** Where a ledger stands, as it tells a shard that asks. */
export interface Standing extends Publication {
  /** Whether KV has this version by now. */
  readonly isInKv: boolean;
  /** When KV was last written to (ms since the epoch); 0 for never. */
  readonly putAt: number;
}

/** The newest version of a key that the hub has heard of. */
export interface Newest {
  /** 0 for none. */
  readonly version: number;
  readonly digest: string;
}

/** What a ledger may ask of the shard that keeps its route, and of any shard. */
export interface HubForLedgers {
  /** Takes a version as the newest, unless it has heard of a newer one; answers with the newest. */
  readonly publish: (publication: Publication) => Promise<Newest>;
  /** Hears that KV has a version. */
  readonly settle: (settlement: Settlement) => Promise<void>;
  readonly newest: (key: string) => Promise<Newest>;
  /** The releases of the gateways that a shard has heard of lately. */
  readonly releases: (shard: number) => Promise<readonly string[]>;
}

/** What the gateway may ask of the hub, and nothing else: a string in, a string out, so that both ends bound it before they read it. */
export interface HubWire {
  /** Takes a {@link Report} as JSON for one shard; answers {@link News} as JSON. Rejects where it cannot. */
  readonly report: (shard: number, report: string) => Promise<string>;
}

/** The answer to a report beyond the day's budget, which is not news: the shard takes no other one that day, UTC. */
export const OVER_BUDGET = "";

/** Characters of one report; a longer one is refused unread. */
export const MAX_REPORT_CHARS = 65_536;

/** Characters of one answer; what does not fit waits for the next, one text of any length aside. */
export const MAX_NEWS_CHARS = 1_048_576;

/** Characters of a release's name that a report may tell. */
export const MAX_RELEASE_CHARS = 32;

/** Characters of the id of a Worker's version, a UUID, that a report may tell. */
export const MAX_WORKER_CHARS = 36;

/** Routes one report tells by name. */
export const MAX_REPORTED_ROUTES = 256;

/** What counts of routes beyond that are told as; no key looks like it. */
export const OTHER_ROUTES = "(other)";

/** Keys one report may look up. */
export const MAX_LOOKUPS = 5;

/** Keys that news names as created; above it an isolate is told to ask again. */
export const MAX_CREATED = 100;

/** The interval between an isolate's reports where nobody says another one (ms): the var REPORT_INTERVAL_SECONDS. */
export const USUAL_INTERVAL_MS = 5000;

/** No interval between reports is shorter (ms), neither by the var REPORT_INTERVAL_SECONDS nor by the hub's word. */
export const MIN_INTERVAL_MS = 1000;

/** An isolate is never told to report less often than this (ms). */
export const MAX_INTERVAL_MS = 60_000;

/** Reports that one shard takes in a second; above it the intervals grow. */
export const REPORTS_PER_SECOND = 500;
