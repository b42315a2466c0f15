import { textDigest } from "../../../src/report/digest.ts";
import { mayServe, UNHEARD, type Heard } from "../../../src/report/newer.ts";
import type { HeldRoute, NewsRoute, Report } from "../../../src/report/wire.ts";

/** An isolate as it reports of one route: what it holds, and what it has heard of. */
export class Isolate {
  readonly name: string;
  readonly #key: string;
  held: { readonly version: number; readonly text: string | null } = { version: 0, text: null };
  #heard: Heard = UNHEARD;
  #sequence = 0;
  /** Digest of what KV had by hand and was not served. */
  #seen: string | undefined;
  /** The report that was sent and not yet answered. */
  waiting: Report | undefined;

  constructor(name: string, key: string) {
    this.name = name;
    this.#key = key;
  }

  /** Takes what KV tells, unless it has heard of something newer. */
  refresh(text: string | null, version: number | undefined): void {
    const digest = textDigest(text);
    if (mayServe({ version, digest }, this.#heard, false)) {
      this.held = { version: version ?? 0, text };
      this.#seen = undefined;
      if (version !== undefined && version > this.#heard.version)
        this.#heard = { version, byHand: undefined };
    } else if (version === undefined) this.#seen = digest;
  }

  /** Takes what the hub tells, unless it has heard of something newer. */
  hear({ version, text, over = 0 }: NewsRoute): void {
    const number = version === 0 ? over : version;
    if (number < this.#heard.version) return;
    this.#heard = { version: number, byHand: version === 0 ? textDigest(text) : undefined };
    this.held = { version, text };
    if (version > 0) this.#seen = undefined;
  }

  /** What it has to say, or what it said before and nobody answered; `other` is a route besides. */
  report(requests: number, other: HeldRoute): Report {
    if (this.waiting !== undefined) return { ...this.waiting, again: true };
    this.#sequence += 1;
    const { version, text } = this.held;
    const own = { key: this.#key, version, digest: textDigest(text), requests };
    return {
      v: 1,
      isolate: this.name,
      sequence: this.#sequence,
      routes: [this.#seen === undefined ? own : { ...own, seen: this.#seen }, other],
      lookups: text === null ? [this.#key] : [],
      since: 0,
    };
  }
}
