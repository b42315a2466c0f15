import { MAX_INTERVAL_MS, MIN_INTERVAL_MS, REPORTS_PER_SECOND } from "../report/wire.ts";
import { full, refilled, type Bucket } from "./bucket.ts";

/** Isolates that one shard knows at a time: ten thousand and some; their names and sequences fill a row. */
export const MAX_ISOLATES = 16_000;

/** An isolate that was silent for so long (ms) is forgotten: ten of the longest intervals. */
export const FORGOTTEN_MS = 600_000;

/** An isolate counts for the interval of all for so long after its last report (ms): two of the longest intervals. */
export const ACTIVE_MS = 2 * MAX_INTERVAL_MS;

/** Reports of one isolate in a second, in the long run: its interval's, and one for each refresh. */
export const ISOLATE_REPORTS_PER_SECOND = 5;

/** And at once, after a pause. */
export const ISOLATE_BURST = 20;

/** Look-ups of one isolate in a second. */
export const LOOKUPS_PER_SECOND = 5;

/** Releases that are told apart: two are there while one is rolled out, and more only by mistake. */
export const MAX_RELEASES = 8;

/** The interval is worked out anew so often (ms). */
const RECKONED_MS = 1000;

interface Isolate {
  /** Sequence of the last report that was taken. */
  sequence: number;
  seenAt: number;
  /** Of its gateway, as it said; empty where it did not, or not since the shard was made anew. */
  release: string;
  reports: Bucket;
  lookups: Bucket;
}

/** An isolate as it is stored: its name, its last sequence, when it was last heard. */
export type PackedIsolate = readonly [name: string, sequence: number, seenAt: number];

/** What becomes of a report. */
export type Taken = "counts" | "again" | "refused";

/** Who reports to a shard, and how often they may. */
export class Isolates {
  /** In the order in which they were last heard. */
  readonly #known = new Map<string, Isolate>();
  #intervalMs = MIN_INTERVAL_MS;
  #reckonedAt = Number.NEGATIVE_INFINITY;
  /** Reports in the second that began at `from`. */
  #second = { from: Number.NEGATIVE_INFINITY, reports: 0 };

  load(packed: readonly PackedIsolate[], now: number): void {
    for (const [name, sequence, seenAt] of packed)
      this.#known.set(name, this.#isolate(sequence, seenAt, now));
  }

  packed(): PackedIsolate[] {
    return [...this.#known].map(([name, { sequence, seenAt }]) => [name, sequence, seenAt]);
  }

  #isolate(sequence: number, seenAt: number, now: number): Isolate {
    return {
      sequence,
      seenAt,
      release: "",
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

  /** Notes of which release the gateway of an isolate is that was just taken. */
  isOf(name: string, release: string): void {
    const isolate = this.#known.get(name);
    if (isolate !== undefined) isolate.release = release;
  }

  /** When an isolate was last heard (ms), and the releases of those that were lately, {@link MAX_RELEASES} at most. */
  heard(now: number): { readonly at: number | undefined; readonly releases: readonly string[] } {
    let at: number | undefined;
    const releases = new Set<string>();
    for (const { seenAt, release } of this.#known.values()) {
      at = Math.max(at ?? seenAt, seenAt);
      const isActive = now - seenAt < ACTIVE_MS && release !== "";
      if (isActive && releases.size < MAX_RELEASES) releases.add(release);
    }
    return { at, releases: [...releases] };
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
