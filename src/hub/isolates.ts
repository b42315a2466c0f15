import type { GatewayCount } from "../report/answers.ts";
import {
  MAX_INTERVAL_MS,
  MIN_INTERVAL_MS,
  REPORTS_PER_SECOND,
  type Report,
} from "../report/wire.ts";
import { full, refilled, type Bucket } from "./bucket.ts";
import { Gateways, type GatewayName, type PackedGateway } from "./gateways.ts";

/** Isolates that one shard knows at a time: ten thousand and some; their names and sequences fill a row. */
export const MAX_ISOLATES = 16_000;

/** An isolate that was silent for so long (ms) is forgotten: ten of the longest intervals. */
export const FORGOTTEN_MS = 600_000;

/** An isolate counts for the interval of all for so long after its last report (ms): two of the longest intervals. */
export const ACTIVE_MS = 2 * MAX_INTERVAL_MS;

/** Reports of one isolate in a second, in the long run: its interval's, and one for each refresh. */
export const ISOLATE_REPORTS_PER_SECOND = 5;

/** Reports of one isolate at once, after a pause. */
export const ISOLATE_BURST = 20;

/** Look-ups of one isolate in a second. */
export const LOOKUPS_PER_SECOND = 5;

/** The interval is worked out anew so often (ms). */
const RECKONED_MS = 1000;

interface Isolate {
  /** Sequence of the last report that was taken. */
  sequence: number;
  seenAt: number;
  /** As it said; `undefined` where it did not. */
  gateway: GatewayName | undefined;
  reports: Bucket;
  lookups: Bucket;
}

/** An isolate as it is stored: its name, its last sequence, when it was last heard, the number of its gateway. */
export type PackedIsolate = readonly [
  name: string,
  sequence: number,
  seenAt: number,
  gateway?: number,
];

/** What becomes of a report. */
export type Taken = "counts" | "again" | "refused";

/** Who reports to a shard, and how often they may. */
export class Isolates {
  /** In the order in which they were last heard. */
  readonly #known = new Map<string, Isolate>();
  readonly #gateways = new Gateways();
  #intervalMs = MIN_INTERVAL_MS;
  #reckonedAt = Number.NEGATIVE_INFINITY;
  /** Reports in the second that began at `from`. */
  #second = { from: Number.NEGATIVE_INFINITY, reports: 0 };

  load(packed: readonly PackedIsolate[], gateways: readonly PackedGateway[], now: number): void {
    const known = this.#gateways.load(gateways);
    for (const [name, sequence, seenAt, number = -1] of packed)
      this.#known.set(name, this.#isolate(sequence, seenAt, now, known[number]));
  }

  packed(): PackedIsolate[] {
    return [...this.#known].map(([name, { sequence, seenAt, gateway }]) =>
      gateway === undefined
        ? [name, sequence, seenAt]
        : [name, sequence, seenAt, this.#gateways.numberOf(gateway)],
    );
  }

  /** The gateways that stored isolates name by number. */
  packedGateways(): PackedGateway[] {
    return this.#gateways.packed();
  }

  #isolate(sequence: number, seenAt: number, now: number, gateway?: GatewayName): Isolate {
    return {
      sequence,
      seenAt,
      gateway,
      reports: full(ISOLATE_BURST, now),
      lookups: full(LOOKUPS_PER_SECOND, now),
    };
  }

  #forget(now: number): void {
    for (const [name, { seenAt }] of this.#known) {
      if (now - seenAt < FORGOTTEN_MS) return;
      this.#known.delete(name);
    }
  }

  /** Whether the shard has more to do than it should: look-ups wait then, and past twice as much everything does. */
  #load(now: number): number {
    if (now - this.#second.from >= 1000 || now < this.#second.from)
      this.#second = { from: now, reports: 0 };
    this.#second.reports += 1;
    return this.#second.reports / REPORTS_PER_SECOND;
  }

  #room(now: number): boolean {
    if (this.#known.size < MAX_ISOLATES) return true;
    const [oldest] = this.#known;
    if (oldest === undefined || now - oldest[1].seenAt < ACTIVE_MS) return false;
    this.#known.delete(oldest[0]);
    return true;
  }

  /**
   * Takes a report: "counts" where it is heard for the first time, "again" where it may have been
   * heard before, "refused" where there are too many. `lookups` says how many are made.
   */
  take(
    name: string,
    sequence: number,
    wasSent: boolean,
    lookups: number,
    now: number,
  ): { readonly taken: Taken; readonly lookups: number } {
    const load = this.#load(now);
    if (load > 2) return { taken: "refused", lookups: 0 };
    this.#forget(now);
    const known = this.#known.get(name);
    if (known === undefined && !this.#room(now)) return { taken: "refused", lookups: 0 };
    const isolate = known ?? this.#isolate(0, now, now);
    const reports = refilled(isolate.reports, ISOLATE_REPORTS_PER_SECOND, ISOLATE_BURST, now);
    isolate.reports = reports;
    if (reports.left < 1) return { taken: "refused", lookups: 0 };
    isolate.reports = { left: reports.left - 1, at: now };
    const room = refilled(isolate.lookups, LOOKUPS_PER_SECOND, LOOKUPS_PER_SECOND, now);
    const made = load > 1 ? 0 : Math.min(lookups, Math.floor(room.left));
    isolate.lookups = { left: room.left - made, at: now };
    const isNew = known === undefined ? !wasSent : sequence > known.sequence;
    isolate.sequence = Math.max(isolate.sequence, sequence);
    isolate.seenAt = now;
    this.#known.delete(name);
    this.#known.set(name, isolate);
    return { taken: isNew ? "counts" : "again", lookups: made };
  }

  /** Notes of which gateway an isolate is that was just taken. */
  isOf(name: string, report: Pick<Report, "release" | "worker">): void {
    const isolate = this.#known.get(name);
    if (isolate === undefined) return;
    const there = () => new Set([...this.#known.values()].flatMap((one) => one.gateway ?? []));
    isolate.gateway = this.#gateways.named(report, there) ?? isolate.gateway;
  }

  /** When an isolate was last heard (ms). */
  lastHeard(): number | undefined {
    let at: number | undefined;
    for (const { seenAt } of this.#known.values()) at = Math.max(at ?? seenAt, seenAt);
    return at;
  }

  /** The gateways of which an isolate was heard within so long (ms), and of how many. */
  gateways(now: number, ms: number): GatewayCount[] {
    const counts = new Map<GatewayName, number>();
    for (const { seenAt, gateway } of this.#known.values())
      if (gateway !== undefined && now - seenAt < ms)
        counts.set(gateway, (counts.get(gateway) ?? 0) + 1);
    return [...counts].map(([gateway, isolates]) => ({ ...gateway, isolates }));
  }

  /** When an isolate is to report again (ms from now), so that all of them together are not too many. */
  intervalMs(now: number): number {
    if (Math.abs(now - this.#reckonedAt) < RECKONED_MS) return this.#intervalMs;
    let active = 0;
    for (const { seenAt } of this.#known.values()) if (now - seenAt < ACTIVE_MS) active += 1;
    this.#reckonedAt = now;
    const wanted = Math.ceil((active * 1000) / REPORTS_PER_SECOND);
    this.#intervalMs = Math.min(MAX_INTERVAL_MS, Math.max(MIN_INTERVAL_MS, wanted));
    return this.#intervalMs;
  }
}
