import { murmur3 } from "../../lib/hash.ts";
import { SlidingCount } from "./sliding-count.ts";

/** Evidence against an origin is gathered over so long (ms). */
export const EVIDENCE_MS = 10_000;

/** Failing requests within {@link EVIDENCE_MS} after which an origin may count as down. */
export const FAILURES_TO_EJECT = 5;

/** From so many different visitors: one person's requests, however many, prove nothing about an origin. */
export const VISITORS_TO_EJECT = 3;

/** So large a share of an origin's requests must have failed before it is down: a page that nobody can have is not an origin that is down. */
export const FAILING_SHARE_TO_EJECT = 0.5;

/** How long an origin that went down is left alone at first (ms); doubled each time it goes down again without an answer between. */
export const EJECTION_MS = 5000;

/** An origin that goes down again and again is left alone so long at most (ms). */
export const MAX_EJECTION_MS = 60_000;

/** A probe that has not come back after this (ms) no longer keeps other visitors from sending one: it may be the one page that hangs. */
export const PROBE_HEAD_START_MS = 1000;

/** Probes under way at once, each of another visitor: as many as can prove that an origin is still down. */
export const MAX_PROBES = 3;

/** A probe that has not come back after this (ms) is given up. */
export const PROBE_MS = 30_000;

/** Origins of routes remembered at once. */
export const MAX_TRACKED = 2000;

/** Failing visitors remembered for one origin: more prove no more. */
export const MAX_FAILING_VISITORS = 16;

const SLOT_MS = 1000;

interface Record {
  readonly requests: SlidingCount;
  readonly failures: SlidingCount;
  /** Who met a failure, by a hash, and when last (ms), the latest last. */
  readonly failing: Map<number, number>;
  /** Whose probe is under way, by the same hash, and since when (ms). */
  readonly probes: Map<number, number>;
  ejections: number;
  /** 0 while it is up. */
  downUntil: number;
  nextProbeAt: number;
}

/** A visitor in 32 bits: ids may be as long as a header field, and two who share a hash weaken no more than one piece of evidence. */
const hashOf = (visitor: string): number => murmur3(visitor, 0);

/** What a request to an origin came to. */
export interface Observation {
  /** Who asked: the same text for the same visitor. */
  readonly visitor: string;
  readonly failed: boolean;
}

/** What an observation changed: the origin is left out for so long (ms) from now on, or answers again. */
export type HealthChange =
  | { readonly to: "down"; readonly leftOutMs: number }
  | { readonly to: "up" }
  | undefined;

/** A clock that was set back must not leave an origin out for as long as it went back. */
function allowForClock(record: Record, now: number): void {
  if (record.downUntil - now > MAX_EJECTION_MS) record.downUntil = now;
  if (record.nextProbeAt - now > PROBE_HEAD_START_MS) record.nextProbeAt = now;
  for (const [who, since] of record.probes) if (since > now) record.probes.set(who, now);
}

/**
 * What this isolate has seen of the origins of routes (passive outlier detection, as Envoy's). It
 * only ever orders the ways that a policy allows: where an origin is the only way, it is tried
 * however it has behaved. A key names an origin of one route, so that no tenant's visitors can
 * declare another's origin dead.
 */
export class Health {
  readonly #records = new Map<string, Record>();

  /** Origins remembered now. */
  get size(): number {
    return this.#records.size;
  }

  /**
   * Whether to leave this origin out. After its time the first to ask gets a no, and so becomes the
   * probe; one that does not come back soon lets other visitors send theirs. A request that cannot
   * be repeated (an order, say) makes a bad probe: it becomes one only where nothing better has come
   * for MAX_EJECTION_MS more.
   */
  isDown(key: string, visitor: string, now: number, repeatable: boolean): boolean {
    const record = this.#records.get(key);
    if (record === undefined || record.downUntil === 0) return false;
    allowForClock(record, now);
    const due = record.downUntil + (repeatable ? 0 : MAX_EJECTION_MS);
    if (now < due || now < record.nextProbeAt) return true;
    const { probes } = record;
    for (const [one, since] of probes) if (now - since >= PROBE_MS) probes.delete(one);
    const who = hashOf(visitor);
    if (probes.has(who) || probes.size >= MAX_PROBES) return true;
    probes.set(who, now);
    record.nextProbeAt = now + PROBE_HEAD_START_MS;
    return false;
  }

  /** Takes what one request came to, all its retries together. */
  observe(key: string, { visitor, failed }: Observation, now: number): HealthChange {
    const record = this.#records.get(key) ?? this.#track(key);
    record.requests.add(now);
    if (!failed) return this.#succeed(record);
    allowForClock(record, now);
    // Requests that were under way when it went down tell nothing new.
    if (now < record.downUntil) return undefined;
    const who = hashOf(visitor);
    record.failures.add(now);
    record.probes.delete(who);
    record.nextProbeAt = 0;
    record.failing.delete(who);
    record.failing.set(who, now);
    for (const [one, at] of record.failing) {
      if (at > now - EVIDENCE_MS && record.failing.size <= MAX_FAILING_VISITORS) break;
      record.failing.delete(one);
    }
    return this.#isProven(record, now) ? this.#eject(record, now) : undefined;
  }

  /** The visitor's request came to nothing that says something of the origin: where it was a probe, the next may go. */
  giveUp(key: string, visitor: string): void {
    const record = this.#records.get(key);
    if (record?.probes.delete(hashOf(visitor)) === true) record.nextProbeAt = 0;
  }

  /** A probe that fails proves as little as any one request: it takes as many visitors to keep an origin down. */
  #isProven(record: Record, now: number): boolean {
    if (record.failing.size < VISITORS_TO_EJECT) return false;
    if (record.downUntil > 0) return true;
    const failures = record.failures.sum(now);
    return (
      failures >= FAILURES_TO_EJECT && failures >= record.requests.sum(now) * FAILING_SHARE_TO_EJECT
    );
  }

  #eject(record: Record, now: number): HealthChange {
    const leftOutMs = Math.min(MAX_EJECTION_MS, EJECTION_MS * 2 ** record.ejections);
    record.downUntil = now + leftOutMs;
    record.ejections += 1;
    record.failing.clear();
    record.probes.clear();
    return { to: "down", leftOutMs };
  }

  #succeed(record: Record): HealthChange {
    if (record.downUntil === 0) return undefined;
    record.downUntil = 0;
    record.nextProbeAt = 0;
    record.ejections = 0;
    record.failing.clear();
    record.probes.clear();
    return { to: "up" };
  }

  #track(key: string): Record {
    const slots = EVIDENCE_MS / SLOT_MS;
    const record: Record = {
      requests: new SlidingCount(slots, SLOT_MS),
      failures: new SlidingCount(slots, SLOT_MS),
      failing: new Map(),
      probes: new Map(),
      ejections: 0,
      downUntil: 0,
      nextProbeAt: 0,
    };
    if (this.#records.size >= MAX_TRACKED) this.#forget();
    this.#records.set(key, record);
    return record;
  }

  /** Makes room: the one known longest goes, one that is up before one that is down. */
  #forget(): void {
    const [oldest] = this.#records.keys();
    let up: string | undefined;
    for (const [key, { downUntil }] of this.#records) {
      if (downUntil > 0) continue;
      up = key;
      break;
    }
    const gone = up ?? oldest;
    if (gone !== undefined) this.#records.delete(gone);
  }
}
