/** A text as somebody told it: KV's cache, the hub, a copy. */
export interface Claim {
  /** The ledger's number; `undefined` for a text without one, put by hand. */
  readonly version: number | undefined;
  readonly digest: string;
}

/** What the hub last said of a key. */
export interface Heard {
  /** The highest version of a ledger that was ever heard of; 0 for none. */
  readonly version: number;
  /** Digest of a text put by hand that rules over `version`, where the hub says so. */
  readonly byHand: string | undefined;
}

/** Nothing heard. */
export const UNHEARD: Heard = { version: 0, byHand: undefined };

/**
 * Whether a text may be served, by what was heard of its key. A numbered one unless a newer number,
 * or a ruling text put by hand over it, was heard of; one without a number only where no ledger's
 * version was ever heard of, where the hub says that it rules, or where the hub has been silent for
 * so long that KV alone speaks (`hubIsSilent`).
 */
export function mayServe(claim: Claim, heard: Heard, hubIsSilent: boolean): boolean {
  if (claim.version === undefined)
    return heard.version === 0 || heard.byHand === claim.digest || hubIsSilent;
  if (claim.version !== heard.version) return claim.version > heard.version;
  return heard.byHand === undefined || hubIsSilent;
}

/** A text without a number rules by itself after the hub has said nothing for so long (ms): by then KV's caches have the newest. */
export const SILENT_HUB_MS = 180_000;
