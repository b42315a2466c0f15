/** Failures in a row after which an origin counts as down. */
export const FAILURES_TO_EJECT = 3;

/** How long an origin that went down is left alone at first (ms); doubled with each failed probe. */
export const EJECTION_MS = 5000;

/** And at most (ms). */
export const MAX_EJECTION_MS = 60_000;

/** A probe that has not come back after this (ms) is given up, and another may be sent. */
const PROBE_MS = 30_000;

/** Origins remembered at once; only failing ones are. */
export const MAX_TRACKED = 1000;

interface Record {
  failures: number;
  ejections: number;
  downUntil: number;
  probeUntil: number;
}

/**
 * What this isolate has seen of origins (passive outlier detection, as Envoy's consecutive gateway
 * failures). It only ever chooses between ways that a policy allows: where an origin is the only
 * way, it is tried however it has behaved.
 */
export class Health {
  readonly #records = new Map<string, Record>();

  /** Whether to leave this origin out. After its time the first to ask gets a no, and so becomes the probe. */
  isDown(origin: string, now: number): boolean {
    const record = this.#records.get(origin);
    if (record === undefined || record.downUntil === 0) return false;
    if (now < record.downUntil || now < record.probeUntil) return true;
    record.probeUntil = now + PROBE_MS;
    return false;
  }

  /** The origin answered. */
  succeed(origin: string): void {
    if (this.#records.size > 0) this.#records.delete(origin);
  }

  /** The origin could not be reached or did not answer in time. */
  fail(origin: string, now: number): void {
    const record = this.#records.get(origin) ?? {
      failures: 0,
      ejections: 0,
      downUntil: 0,
      probeUntil: 0,
    };
    record.failures += 1;
    record.probeUntil = 0;
    if (record.failures >= FAILURES_TO_EJECT) {
      record.downUntil = now + Math.min(MAX_EJECTION_MS, EJECTION_MS * 2 ** record.ejections);
      record.ejections += 1;
    }
    this.#records.delete(origin);
    this.#records.set(origin, record);
    if (this.#records.size <= MAX_TRACKED) return;
    for (const oldest of this.#records.keys()) {
      this.#records.delete(oldest);
      return;
    }
  }
}
