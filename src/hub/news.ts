import { MAX_NEWS_CHARS, type HeldRoute, type NewsRoute } from "../report/wire.ts";
import { isBeaten, type Head } from "./head.ts";
import type { HubStore } from "./store.ts";

/**
 * What is due for a route of a report: nothing, the newest text, or a look into KV: before the text
 * is told, while it is, or without telling any.
 */
export type Due = "same" | "tell" | "look-first" | "look-and-tell" | "look";

/** What is due for what an isolate holds of a route that the hub knows. Pure. */
export function dueFor(held: HeldRoute, head: Head, now: number): Due {
  // It has heard of a version that the hub has not: of a ledger that does not tell, or told in vain.
  if (held.version > head.version) return "look";
  if (head.byHand !== undefined)
    return held.version === 0 && held.digest === head.byHand ? "look" : "look-and-tell";
  if (held.version === 0) {
    const isKnown = held.digest === head.digest || isBeaten(head, held.digest, now);
    return isKnown ? "tell" : "look-first";
  }
  if (held.version < head.version) return "tell";
  if (held.digest !== head.digest) return "look-and-tell";
  const isSeen = held.seen !== undefined && held.seen !== head.digest;
  return isSeen && !isBeaten(head, held.seen, now) ? "look" : "same";
}

/** The newest of a route, as news tell it. */
function newsOf(store: HubStore, { key, version, byHand }: Head): NewsRoute {
  return byHand === undefined
    ? { key, version, text: store.text(key, false) }
    : { key, version: 0, text: store.text(key, true), over: version };
}

/** Routes for one answer, as many as it holds. */
export class Answer {
  readonly routes: NewsRoute[] = [];
  readonly #keys = new Set<string>();
  #chars = 0;
  more = false;

  /** Adds a route, once; one that does not fit waits for the next answer, unless it is the only one. */
  add(store: HubStore, head: Head): void {
    if (this.more || this.#keys.has(head.key)) return;
    const news = newsOf(store, head);
    const chars = JSON.stringify(news).length;
    if (this.#chars > 0 && this.#chars + chars > MAX_NEWS_CHARS) {
      this.more = true;
      return;
    }
    this.#chars += chars;
    this.#keys.add(head.key);
    this.routes.push(news);
  }
}
