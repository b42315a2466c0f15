/** Failures in a row after which an origin counts as down. */
export const FAILURES_TO_EJECT = 3;

/** How long an origin that went down is left alone at first (ms); doubled with each failed probe. */
export const EJECTION_MS = 5000;

/** And at most (ms). */
export const MAX_EJECTION_MS = 60_000;

/** A probe that has not come back after this (ms) is given up, and another may be sent. */
export const PROBE_MS = 30_000;

/** Origins remembered at once; only failing ones are. */
export const MAX_TRACKED = 1000;

interface Record {
  failures: number;
  ejections: number;
  downUntil: number;
  probeUntil: number;
}

/**
 * What this isolate has seen of origins (passive outlier detection, as Envoy's consecutive local
 * origin failures). It only ever orders the ways that a policy allows: where an origin is the only
 * way, it is tried however it has behaved.
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
  isDown(origin: string, now: number, repeatable: boolean): boolean {
    const record = this.#records.get(origin);
    if (record === undefined || record.downUntil === 0) return false;
    const due = record.downUntil + (repeatable ? 0 : MAX_EJECTION_MS);
    if (now < due || now < record.probeUntil) return true;
    record.probeUntil = now + PROBE_MS;
    return false;
  }

  /** The origin answered. True where it was down until now. */
  succeed(origin: string): boolean {
    const wasDown = (this.#records.get(origin)?.downUntil ?? 0) > 0;
    this.#records.delete(origin);
    return wasDown;
  }

  /** The origin could not be reached or did not answer in time. How long it is left out (ms), where that begins now. */
  fail(origin: string, now: number): number | undefined {
    const record = this.#records.get(origin) ?? {
      failures: 0,
      ejections: 0,
      downUntil: 0,
      probeUntil: 0,
    };
    // Requests that were under way when it went down tell nothing new; counted, they would double its time at once.
    if (now < record.downUntil) return undefined;
    record.failures += 1;
    record.probeUntil = 0;
    let ejectedMs: number | undefined;
    if (record.failures >= FAILURES_TO_EJECT) {
      ejectedMs = Math.min(MAX_EJECTION_MS, EJECTION_MS * 2 ** record.ejections);
      record.downUntil = now + ejectedMs;
      record.ejections += 1;
    }
    this.#remember(origin, record);
    return ejectedMs;
  }

  #remember(origin: string, record: Record): void {
    this.#records.delete(origin);
    this.#records.set(origin, record);
    if (this.#records.size <= MAX_TRACKED) return;
    for (const oldest of this.#records.keys()) {
      this.#records.delete(oldest);
      return;
    }
  }
}
