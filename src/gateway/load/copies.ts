import type { Snapshot } from "../../policy/snapshot.ts";
import type { Platform } from "../platform.ts";
import type { KnownPolicies, FoundText } from "./known-policies.ts";
import { elapsed } from "./kv.ts";
import { Rate } from "./rate.ts";
import { within } from "./within.ts";

/** The colo's cache may take so long (ms): it is near. */
const COPY_TIMEOUT_MS = 700;

/** The colo's copy serves for so long (s): a week. */
const COPY_SECONDS = 604_800;

/** The colo's copy is written again after so long (ms): a day. */
export const COPY_AGAIN_MS = 86_400_000;

/** Copies looked after at most in any second: invented names must not keep the cache busy. */
export const COPIES_PER_SECOND = 5;

const SECOND_MS = 1000;

/** The part of Cloudflare's cache that is needed. */
export interface CopyCache {
  readonly match: (url: string) => Promise<Response | undefined>;
  readonly put: (url: string, response: Response) => Promise<void>;
}

/** Where copies are kept, both optional. */
export interface CopySources {
  /** Opens the cache of the colo's copies. */
  readonly openCopies?: () => Promise<CopyCache>;
  /** The snapshot bundled at deployment, as JSON. */
  readonly snapshot?: string;
}

/** The colo's copy of one key. */
interface Copy {
  /** When it was made (ms). */
  readonly at: number;
  /** `null` where the key was absent. */
  readonly text: string | null;
  /** 0 for none. */
  readonly version: number;
}

/**
 * What serves where KV and the hub say nothing: the colo's copies of what its isolates served, in a
 * cache of their own, under a host of the gateway's own and a path that is never a tenant's; then the
 * snapshot bundled with the Worker, parsed when it is first needed, which is hardly ever.
 */
export class Copies {
  readonly #sources: CopySources;
  readonly #host: string;
  readonly #platform: Platform;
  readonly #rate = new Rate(COPIES_PER_SECOND);
  #bundled: Snapshot["routes"] | undefined;

  /** Copies for the colo are kept where there is a host to keep them under. */
  constructor(
    sources: CopySources,
    { coloCopyHost }: { readonly coloCopyHost: string },
    platform: Platform,
  ) {
    this.#sources = sources;
    this.#host = coloCopyHost;
    this.#platform = platform;
  }

  /** Whether there may be any. */
  get exist(): boolean {
    return `${this.#host}${this.#sources.snapshot ?? ""}` !== "";
  }

  /** What is known of a key: the colo's copy, unless the snapshot has a newer version. A cache that fails has nothing. */
  async find(key: string): Promise<FoundText | undefined> {
    const reading = this.#copyOf(key).catch(() => undefined);
    const copy = await within(COPY_TIMEOUT_MS, reading, this.#platform);
    const { snapshot = "" } = this.#sources;
    // `npm run deploy` made the snapshot, so it is what it says; it knows all keys.
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- see above; to check it again costs a gateway's start
    if (snapshot !== "") this.#bundled ??= (JSON.parse(snapshot) as Snapshot).routes;
    const isBundled = this.#bundled !== undefined && Object.hasOwn(this.#bundled, key);
    const [version, text] = (isBundled ? this.#bundled?.[key] : undefined) ?? [0, null];
    if (copy !== undefined && version <= copy.version)
      return { text: copy.text, version: copy.version || undefined, source: "colo" };
    return this.#bundled && { text, version: version || undefined, source: "snapshot" };
  }

  #url(key: string): string {
    return `https://${this.#host}/.switchyard/copies/${encodeURIComponent(key)}`;
  }

  async #copyOf(key: string): Promise<Copy | undefined> {
    const cache = this.#host === "" ? undefined : await this.#sources.openCopies?.();
    const copy = await cache?.match(this.#url(key));
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- nobody but `#copy` below writes to this cache
    return copy && (JSON.parse(await copy.text()) as Copy);
  }

  /** Copies for the colo what serves: the first of the keys that has a policy, and that those before it have none. */
  async keep(keys: readonly string[], policies: KnownPolicies): Promise<void> {
    const index = this.#host === "" ? -1 : keys.findIndex((key) => policies.get(key)?.route);
    for (const key of keys.slice(0, index + 1)) {
      const now = this.#platform.now();
      const entry = policies.get(key);
      if (entry === undefined || elapsed(now, entry.copiedAt) < COPY_AGAIN_MS) continue;
      if (!this.#rate.take(now, SECOND_MS)) return;
      entry.copiedAt = now;
      await this.#copy(key, { at: now, text: entry.text, version: entry.version ?? 0 });
    }
  }

  /** Writes a copy where the one that is there has another text, or is a day old; never over a newer one. */
  async #copy(key: string, copy: Copy): Promise<void> {
    try {
      const old = await this.#copyOf(key);
      const isOld = elapsed(copy.at, old?.at ?? 0) >= COPY_AGAIN_MS;
      if (old?.text === copy.text && !isOld) return;
      if (old !== undefined && copy.version > 0 && old.version > copy.version) return;
      const headers = { "cache-control": `max-age=${COPY_SECONDS}` };
      const cache = await this.#sources.openCopies?.();
      await cache?.put(this.#url(key), Response.json(copy, { headers }));
    } catch {
      // A copy less; whoever needs it next writes it.
    }
  }
}
