import { textDigest } from "../../report/digest.ts";
import { mayServe, UNHEARD, type Heard } from "../../report/newer.ts";
import { stampedVersion } from "../../report/stamp.ts";
import type { NewsRoute } from "../../report/wire.ts";
import type { Platform } from "../platform.ts";
import { NEVER, type KvValue } from "./kv.ts";
import { PolicyMemory, type Entry, type Source } from "./policy-memory.ts";
import { readPolicy } from "./read-policy.ts";
import type { Held } from "./tally.ts";

interface Settings {
  readonly maxRoutes: number;
  readonly allowPrivateOrigins: boolean;
  readonly originBindings?: readonly string[] | undefined;
}

/** A text on its way into memory. */
export interface FoundText {
  readonly text: string | null;
  readonly version: number | undefined;
  readonly source: Source;
}

/** How it stands with the hub when KV answers. */
export interface HubIsAsked {
  /** Whether KV alone speaks. */
  readonly isSilent: boolean;
  /** Since when the hub is being asked about the key (ms); `undefined` where it is not. */
  readonly since: number | undefined;
}

/** Of a key that nobody has: KV says nothing, and the hub, which knows what KV lists, has never heard of it. */
const NOBODYS: FoundText = { text: null, version: undefined, source: "hub" };

/** The digest of an entry's text, made once. */
const digestOf = (entry: Entry): string => (entry.digest ??= textDigest(entry.text));

/** What this isolate knows of keys: whoever tells of one, nothing older replaces what was heard. */
export class KnownPolicies extends PolicyMemory {
  readonly #settings: Settings;
  readonly #platform: Platform;

  constructor(settings: Settings, platform: Platform) {
    super(settings.maxRoutes);
    this.#settings = settings;
    this.#platform = platform;
  }

  /** Takes up what KV has, unless something newer was heard of; what stays is as good as checked. */
  fromKv(
    key: string,
    { value: text, metadata }: KvValue,
    old: Entry | undefined,
    hub: HubIsAsked,
  ): Entry {
    const version = text === null ? undefined : stampedVersion(text, metadata);
    const heard = old?.heard ?? UNHEARD;
    const claim = { version, digest: heard.byHand === undefined ? "" : textDigest(text) };
    if (old !== undefined && !mayServe(claim, heard, hub.isSilent || old.isUnknown)) {
      old.seen = version === undefined ? textDigest(text) : undefined;
      return this.#saidByKv(key, old, old, hub);
    }
    const isNewer = version !== undefined && version > heard.version;
    const now = isNewer ? { version, byHand: undefined } : heard;
    const entry = this.#store(key, { text, version, source: "kv" }, old, now);
    return this.#saidByKv(key, entry, old, hub);
  }

  /** Takes up what the hub says is newest of a key that is in memory or was asked about, unless something newer was heard of. */
  fromHub({ key, version, text, over = 0 }: NewsRoute, isWanted: boolean): void {
    const old = this.get(key);
    const number = version === 0 ? over : version;
    if (old === undefined ? !isWanted : number < old.heard.version) return;
    const byHand = version === 0 ? textDigest(text) : undefined;
    const told = { text, version: version || undefined, source: "hub" } as const;
    this.#store(key, told, old, { version: number, byHand }).isUnknown = false;
  }

  /** Takes up a copy: it serves, and is asked about again at once. Without one nobody knows the key, and it counts as absent for a while. */
  fromCopy(key: string, copy: FoundText = NOBODYS): Entry {
    const heard = { version: copy.version ?? 0, byHand: undefined };
    const entry = this.#store(key, copy, undefined, heard);
    if (copy !== NOBODYS) entry.checkedAt = NEVER;
    return entry;
  }

  /** What a report says of a key. */
  held(key: string): Held | undefined {
    const entry = this.get(key);
    if (entry === undefined) return undefined;
    const { version = 0, seen } = entry;
    return { version, digest: digestOf(entry), ...(seen === undefined ? {} : { seen }) };
  }

  /** The hub has nothing newer than this text: it is checked, where it is still the one. */
  confirm(key: string, digest: string): void {
    const entry = this.get(key);
    if (entry === undefined) return;
    entry.isUnknown = false;
    // A text without a number may be replaced by hand at any time, and only KV tells.
    if (entry.version === undefined || digestOf(entry) !== digest) return;
    entry.source = "hub";
    this.#checked(key, entry);
  }

  /** The hub has never heard of the key. */
  isUnknown(key: string): void {
    const entry = this.get(key);
    if (entry !== undefined) entry.isUnknown = true;
  }

  #store(key: string, told: FoundText, old: Entry | undefined, heard: Heard): Entry {
    const { text } = told;
    const same = old?.text === text ? old : undefined;
    const route =
      text === null
        ? undefined
        : (
            same ?? {
              route: readPolicy(key, text, old?.route, this.#settings, this.#platform),
            }
          ).route;
    const entry: Entry = {
      ...told,
      route,
      heard,
      checkedAt: this.#platform.now(),
      kvAt: NEVER,
      isUnknown: old?.isUnknown ?? false,
      digest: same?.digest,
      seen: undefined,
      copiedAt: same?.copiedAt ?? NEVER,
    };
    this.set(key, entry);
    return entry;
  }

  /** KV's word is the last one, unless the hub is being asked: then what counted before that counts on. */
  #saidByKv(key: string, entry: Entry, old: Entry | undefined, { since }: HubIsAsked): Entry {
    if (since === undefined) return this.#checked(key, entry);
    const { checkedAt = NEVER, kvAt = NEVER } = old ?? {};
    entry.checkedAt = kvAt < since ? Math.max(checkedAt, kvAt) : checkedAt;
    entry.kvAt = this.#platform.now();
    this.set(key, entry);
    return entry;
  }

  #checked(key: string, entry: Entry): Entry {
    entry.checkedAt = this.#platform.now();
    this.set(key, entry);
    return entry;
  }
}
