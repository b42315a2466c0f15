import { STALE_READ_MS } from "../lib/propagation.ts";
import { textDigest } from "../report/digest.ts";
import { stampedVersion } from "../report/stamp.ts";
import type { Newest, Publication, Settlement, Standing } from "../report/wire.ts";
import { beatenWith, isBeaten, shapeOf, unheardOf, type Head } from "./head.ts";
import type { InKv } from "./platform.ts";
import type { HubStore } from "./store.ts";

/** Bytes of a text that is kept: what a policy may have, and what a row holds. A longer one is KV's alone. */
export const MAX_KEPT_BYTES = 1_048_576;

const isTooLong = (text: string | null): boolean =>
  text !== null &&
  (text.length > MAX_KEPT_BYTES || new TextEncoder().encode(text).length > MAX_KEPT_BYTES);

/** Whether KV may be believed of a route: not while its ledger is about to put, nor soon after. */
export const mayBelieveKv = (head: Head | undefined, now: number): boolean =>
  head === undefined || (!head.pending && Math.abs(now - head.putAt) >= STALE_READ_MS);

/** The newest version of each route, and who told of it. Every method is synchronous. */
export class Directory {
  readonly #store: HubStore;
  readonly #transaction: (work: () => void) => void;

  readonly #changed: (key: string) => void;

  /** `changed` hears of each route of which something else is known from now on. */
  constructor(
    store: HubStore,
    transaction: (work: () => void) => void,
    changed: (key: string) => void = () => {},
  ) {
    this.#store = store;
    this.#transaction = transaction;
    this.#changed = changed;
  }

  newest(key: string): Newest {
    const { version, digest } = this.#store.head(key) ?? unheardOf(key);
    return { version, digest };
  }

  /** Takes a version from its ledger. A newer number beats all; the same one, ordered anew, beats what was put by hand. */
  publish({ key, version, text, at, replaces, made }: Publication): Newest {
    const head = this.#store.head(key) ?? unheardOf(key);
    const digest = textDigest(text);
    const isNewer = version > head.version;
    const isAnew = version === head.version && digest === head.digest && at > head.at;
    if (!isNewer && !isAnew) return this.newest(key);
    const beaten = beatenWith(head.beaten, [replaces, head.byHand]).filter((old) => old !== digest);
    this.#write(
      {
        ...head,
        version,
        digest,
        at,
        listed: text !== null,
        pending: true,
        byHand: undefined,
        beaten,
        beatenAt: replaces === undefined && head.byHand === undefined ? head.beatenAt : at,
        ...shapeOf(key, text),
        silent: made?.silences ?? false,
      },
      { text, byHand: null },
      head,
    );
    return { version, digest };
  }

  settle({ key, version, at, putAt }: Settlement): void {
    const head = this.#store.head(key);
    if (head === undefined) return;
    const isDone = version === head.version && at === head.at;
    const pending = head.pending && !isDone;
    this.#write({ ...head, pending, putAt: Math.max(head.putAt, putAt) }, {}, head);
  }

  /** Takes what a ledger said when it was asked. */
  learn(standing: Standing): void {
    this.publish(standing);
    const { key, version, at, putAt, isInKv } = standing;
    // A put that is still to come is told by the ledger itself.
    this.settle({ key, version: isInKv ? version : 0, at, putAt });
  }

  /** Takes what KV had when it was looked at: the version of a ledger, or a text that somebody put there by hand. */
  look(key: string, { text, metadata }: InKv, now: number): void {
    const known = this.#store.head(key);
    if (!mayBelieveKv(known, now) || isTooLong(text)) return;
    const head = known ?? unheardOf(key);
    const digest = textDigest(text);
    const version = text === null ? undefined : stampedVersion(text, metadata);
    if (version !== undefined && version > head.version) return this.#take(head, version, text);
    // An older one: KV is late, or its ledger brings the newer one again.
    if (version !== undefined && version < head.version) return undefined;
    if (digest === head.digest) return this.#endByHand(head);
    if (digest === head.byHand) return undefined;
    if (isBeaten(head, digest, now)) return undefined;
    if (known === undefined && text === null) return undefined;
    return this.#write({ ...head, byHand: digest, listed: text !== null }, { byHand: text }, head);
  }

  /** Takes a version that KV has and that its ledger did not tell. */
  #take(head: Head, version: number, text: string | null): void {
    const changes = {
      version,
      digest: textDigest(text),
      at: 0,
      pending: false,
      listed: text !== null,
      byHand: undefined,
      ...shapeOf(head.key, text),
      silent: false,
    };
    this.#write({ ...head, ...changes }, { text, byHand: null }, head);
  }

  /** KV has the ledger's text again. */
  #endByHand(head: Head): void {
    if (head.byHand === undefined) return;
    const listed = head.digest !== textDigest(null);
    this.#write({ ...head, byHand: undefined, listed }, { byHand: null }, head);
  }

  #write(head: Head, texts: { text?: string | null; byHand?: string | null }, before: Head): void {
    try {
      this.#transaction(() => {
        this.#store.set(head, texts);
        if (head.listed && !before.listed) this.#store.addCreated(head.key);
      });
    } finally {
      // What a transaction made known that was rolled back is not.
      this.#store.forget(head.key);
    }
    this.#changed(head.key);
  }
}
