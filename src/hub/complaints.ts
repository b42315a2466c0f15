import type { HubPlatform } from "./platform.ts";

/** What is wrong with reports is said so often (ms) and no more. */
const COMPLAINT_MS = 60_000;

/** Says, once in a while, what of a report cannot be read: a gateway of another release, or none. */
export class Complaints {
  readonly #log: HubPlatform["log"];
  #saidAt = Number.NEGATIVE_INFINITY;

  constructor({ log }: Pick<HubPlatform, "log">) {
    this.#log = log;
  }

  of(faults: readonly string[], now: number): void {
    if (faults.length === 0 || Math.abs(now - this.#saidAt) < COMPLAINT_MS) return;
    this.#saidAt = now;
    this.#log("warn", "a report tells of splits what cannot be read", { faults });
  }
}
