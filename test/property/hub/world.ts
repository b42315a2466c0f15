import { LONGEST_RETRY_MS } from "../../../src/ledger/outbox.ts";
import { textDigest } from "../../../src/report/digest.ts";

/** From round to round (ms): by minutes while most is put right, then longer than the longest retry, until a silent isolate would be forgotten. */
export const SETTLING = [61_000, 61_000, 61_000, 61_000, 125_000, 125_000, LONGEST_RETRY_MS + 1000];

/** A KV read may tell what was there so long ago (ms), and no longer. */
const LATE_MS = 119_000;

/** What a value in KV was, and from when on. */
interface InKv {
  readonly from: number;
  readonly text: string | null;
  readonly metadata: unknown;
}

/** What goes wrong with the next call between two parties. */
export type Fault = "none" | "fails" | "lost";

/** A clock, a KV that is late, calls that get lost, and what people wrote. */
export class World {
  now = 1_800_000_000_000;
  faults: Fault[] = [];
  readonly kv: InKv[] = [{ from: 0, text: null, metadata: null }];
  /** How late the next read of KV is, as a share of how late it may be. */
  lateness = 0;
  /** What people wrote, in the order in which they did: texts are never twice the same. */
  readonly written = new Map<string, number>();
  #order = 0;
  #texts = 0;

  nextText(): string {
    this.#texts += 1;
    return `"https://t${this.#texts}.example.com"`;
  }

  /** Writes down that somebody has just written a text, or ordered one anew. */
  say(text: string | null): number {
    this.#order += 1;
    if (text !== null) this.written.set(textDigest(text), this.#order);
    return this.#order;
  }

  /** A question that may get no answer. */
  fault(): void {
    if (this.faults.shift() === "fails") throw new Error("does not answer");
  }

  /** A call that may not arrive, or whose answer may not. */
  async called<T>(work: () => T): Promise<T> {
    const fault = this.faults.shift() ?? "none";
    if (fault === "fails") throw new Error("does not answer");
    const result = work();
    if (fault === "lost") throw new Error("no answer");
    return result;
  }

  /** What KV has from now on. */
  put(text: string | null, metadata: unknown): void {
    this.kv.push({ from: this.now, text, metadata });
  }

  /** What KV tells now: what it has, or had a while ago. */
  read(): InKv {
    const at = this.now - this.lateness * LATE_MS;
    const told = this.kv.findLast(({ from }) => from <= at) ?? this.kv[0];
    if (told === undefined) throw new Error("KV was never there");
    return told;
  }
}
