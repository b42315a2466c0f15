import type { UpstreamResult } from "../forward/failover.ts";
import type { RequestContext } from "../forward/forward.ts";
import type { CopyCache } from "../load/copies.ts";
import { elapsed, NEVER } from "../load/kv.ts";
import { within } from "../load/within.ts";
import type { Later, Platform } from "../platform.ts";
import { rareLog } from "../record/rare-log.ts";
import { fromCopy, toCopy, type Kept } from "./copy.ts";
import type { Fresh } from "./freshness.ts";
import { keyOf } from "./key.ts";
import { isNotModified, withoutBody } from "./not-modified.ts";
import { passesBy } from "./passes-by.ts";
import { storable } from "./storable.ts";
import { readWhole } from "./read-whole.ts";

/** A request waits so long (ms) for the cache, which is near; then its origin answers. */
export const CACHE_WAIT_MS = 250;

/** A cache that failed is left alone for so long (ms). */
export const CACHE_REST_MS = 10_000;

/** An answer may take so long (ms) to come whole and be kept: inside the 30 s a Worker may run on after its response. */
export const KEEP_TIMEOUT_MS = 25_000;

/** Answers that an isolate takes copies of at a time: each may have its whole body in memory, twice. */
export const MAX_KEEPING = 8;

/** Opens the cache that copies of answers are kept in. */
export type OpenCache = () => Promise<CopyCache>;

/** How a request was answered, and what `Cache-Status` (RFC 9211) says of it; nothing where the policy keeps no copies. */
export interface Answered {
  readonly upstream: UpstreamResult;
  readonly told: string | undefined;
}

const bypass = (detail: string): string => `fwd=bypass; detail=${detail}`;

/** Answers from copies at the edge, and keeps them: only what the variant that was decided has said to everybody. */
export class EdgeCache {
  readonly #open: OpenCache;
  readonly #platform: Platform;
  readonly #log: Platform["log"];
  #failedAt = NEVER;
  /** What copies are being taken of, and since when (ms): a request that is gone never says that it has ended. */
  readonly #keeping = new Map<string, number>();

  constructor(open: OpenCache, platform: Platform) {
    this.#open = open;
    this.#platform = platform;
    this.#log = rareLog(platform);
  }

  /** Answers from a copy, or asks the origin and keeps what it says. */
  async answer(
    context: RequestContext,
    { trustForwarded, later }: { readonly trustForwarded: boolean; readonly later: Later },
    ask: () => Promise<UpstreamResult>,
  ): Promise<Answered> {
    const { incoming, decision } = context;
    const caching = decision.node.cache;
    if (caching === undefined) return { upstream: await ask(), told: undefined };
    const passing = async (why: string) => ({ upstream: await ask(), told: bypass(why) });
    const why = passesBy(context);
    if (why !== undefined) return passing(why);
    const key = await keyOf(context, caching, trustForwarded);
    if (key === undefined) return passing("length");
    const found = await this.#find(key);
    if (found === "failed") return passing("unavailable");
    if (found !== undefined) {
      const response = responseOf(found, incoming.request);
      const { variant } = decision;
      const upstream = { response, variant, failure: undefined, rescuedFrom: undefined };
      const told = `hit; ttl=${Math.floor(found.left)}`;
      return { upstream: { ...upstream, primaryFailure: undefined }, told };
    }
    const upstream = await ask();
    const at = this.#platform.now();
    const fresh = storable(upstream, context, caching, at);
    const isKept = typeof fresh !== "string" && this.#mayKeep(key, at);
    if (isKept && upstream.response !== undefined)
      later(this.#keep(key, upstream.response.clone(), { fresh, at }));
    const detail = typeof fresh === "string" ? fresh : "busy";
    return { upstream, told: `fwd=miss; ${isKept ? "stored" : `detail=${detail}`}` };
  }

  /** The copy under a key, if there is one that serves. */
  async #find(key: string): Promise<Kept | "failed" | undefined> {
    const { now } = this.#platform;
    if (elapsed(now(), this.#failedAt) < CACHE_REST_MS) return "failed";
    try {
      const finding = this.#open().then(async (cache) => ({ copy: await cache.match(key) }));
      const found = await within(CACHE_WAIT_MS, finding, this.#platform);
      if (found === undefined) {
        finding.then(async ({ copy }) => copy?.body?.cancel()).catch(() => {});
        throw new Error("it did not answer in time");
      }
      const { copy } = found;
      const kept = copy && fromCopy(key, copy, now());
      if (kept === undefined) copy?.body?.cancel().catch(() => {});
      return kept;
    } catch (error) {
      this.#failedAt = now();
      this.#log("warn", "the edge cache fails; origins answer", { error: String(error) });
      return "failed";
    }
  }

  /** Whether a copy is to be taken: by nobody else yet, and not too many at a time. */
  #mayKeep(key: string, now: number): boolean {
    for (const [other, since] of this.#keeping)
      if (elapsed(now, since) > KEEP_TIMEOUT_MS) this.#keeping.delete(other);
    if (this.#keeping.has(key) || this.#keeping.size >= MAX_KEEPING) return false;
    this.#keeping.set(key, now);
    return true;
  }

  /** Keeps an answer once its body has come whole; one that breaks off, is too large or too slow leaves nothing. */
  async #keep(key: string, answer: Response, when: { fresh: Fresh; at: number }): Promise<void> {
    try {
      const body = await readWhole(answer, KEEP_TIMEOUT_MS, this.#platform);
      if (body === undefined) return;
      const cache = await this.#open();
      await cache.put(key, toCopy(key, answer, body, when));
    } catch (error) {
      this.#log("warn", "an answer could not be kept at the edge", { error: String(error) });
    } finally {
      this.#keeping.delete(key);
    }
  }
}

/** A copy as the answer to a request: without its body where that has it already, or wants the head alone. */
function responseOf(
  { status, headers, body }: Kept,
  { method, headers: asked }: Request,
): Response {
  const isSame = status === 200 && isNotModified(asked, headers);
  if (!isSame && method !== "HEAD") return new Response(body, { status, headers });
  body?.cancel().catch(() => {});
  return isSame
    ? new Response(null, { status: 304, headers: withoutBody(headers) })
    : new Response(null, { status, headers });
}
