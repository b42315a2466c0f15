import { SlidingCount } from "./sliding-count.ts";

/** Evidence against an origin is gathered over so long (ms). */
export const EVIDENCE_MS = 10_000;

/** Failing requests within {@link EVIDENCE_MS} after which an origin may count as down. */
export const FAILURES_TO_EJECT = 5;

/** From so many different visitors: one person's requests, however many, prove nothing about an origin. */
export const VISITORS_TO_EJECT = 3;

/** And so large a share of its requests must have failed: a page that nobody can have is not an origin that is down. */
export const FAILING_SHARE_TO_EJECT = 0.5;

/** How long an origin that went down is left alone at first (ms); doubled each time it goes down again without an answer between. */
export const EJECTION_MS = 5000;

/** And at most (ms). */
export const MAX_EJECTION_MS = 60_000;

/** A probe that has not come back after this (ms) is given up, and another may be sent. */
export const PROBE_MS = 30_000;

/** Origins of routes remembered at once. */
export const MAX_TRACKED = 2000;

/** Failing visitors remembered for one origin: more prove no more. */
export const MAX_FAILING_VISITORS = 16;

const SLOT_MS = 1000;

interface Record {
  readonly requests: SlidingCount;
  readonly failures: SlidingCount;
  /** Who met a failure, and when last (ms), the latest last. */
  readonly failing: Map<string, number>;
  ejections: number;
  /** 0 while it is up. */
  downUntil: number;
  probeUntil: number;
}

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
   * probe. A request that cannot be repeated (an order, say) makes a bad probe: it becomes one only
   * where nothing better has come for MAX_EJECTION_MS more.
   */
  isDown(key: string, now: number, repeatable: boolean): boolean {
    const record = this.#records.get(key);
    if (record === undefined || record.downUntil === 0) return false;
    const due = record.downUntil + (repeatable ? 0 : MAX_EJECTION_MS);
    if (now < due || now < record.probeUntil) return true;
    record.probeUntil = now + PROBE_MS;
    return false;
  }

  /** Takes what one request came to, all its retries together. */
  observe(key: string, { visitor, failed }: Observation, now: number): HealthChange {
    const record = this.#records.get(key) ?? this.#track(key);
    record.requests.add(now);
    if (!failed) return this.#succeed(record);
    // Requests that were under way when it went down tell nothing new.
    if (now < record.downUntil) return undefined;
    record.failures.add(now);
    record.probeUntil = 0;
    record.failing.delete(visitor);
    record.failing.set(visitor, now);
    for (const [one, at] of record.failing) {
      if (at > now - EVIDENCE_MS && record.failing.size <= MAX_FAILING_VISITORS) break;
      record.failing.delete(one);
    }
    return this.#isProven(record, now) ? this.#eject(record, now) : undefined;
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
    return { to: "down", leftOutMs };
  }

  #succeed(record: Record): HealthChange {
    if (record.downUntil === 0) return undefined;
    record.downUntil = 0;
    record.probeUntil = 0;
    record.ejections = 0;
    record.failing.clear();
    return { to: "up" };
  }

  #track(key: string): Record {
    const slots = EVIDENCE_MS / SLOT_MS;
    const record: Record = {
      requests: new SlidingCount(slots, SLOT_MS),
      failures: new SlidingCount(slots, SLOT_MS),
      failing: new Map(),
      ejections: 0,
      downUntil: 0,
      probeUntil: 0,
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
