import type { ActionName } from "../policy/actions/names.ts";

/** What an entry of the history or of the audit log came from. */
export type LedgerAction =
  | "put"
  | "apply"
  | "patch"
  | "delete"
  | "rollback"
  | "adopt"
  | "republish"
  | "link"
  | "forget"
  | "drift-found"
  | "grant"
  | ActionName;

/** One accepted edit. */
export interface Version {
  /** 1 for a route's first edit, more where an earlier ledger of its was lost; each next edit is one more. */
  readonly version: number;
  /** The policy as KV gets it; `null` where this edit deleted the route. */
  readonly text: string | null;
  readonly author: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly note: string;
  readonly action: LedgerAction;
}

/** Who made a version, when and how. */
export type Made = Pick<Version, "version" | "author" | "at" | "action">;

/** Versions that somebody wants to compare; the newest one, and the one before it, where they name none. */
export interface WantedPair {
  readonly from: number | undefined;
  readonly to: number | undefined;
}

/** What a version says: `null` where the route has no policy then, `undefined` where there never was such a version. */
export interface VersionText {
  readonly version: number;
  readonly text: string | null | undefined;
}

/** Two versions to compare. */
export interface Pair {
  readonly from: VersionText;
  readonly to: VersionText;
}

/** What makes a repeated request the same request. */
export interface Idempotency {
  /** The caller and the key they chose. */
  readonly id: string;
  /** A digest of all that the request says. */
  readonly fingerprint: string;
}

/** What became of an earlier request with the same idempotency key. */
export type Recalled =
  | { readonly seen: false }
  | { readonly seen: true; readonly same: boolean; readonly version: number };

/** A value in KV that no ledger put there. */
export interface Drift {
  /** `null` where KV has no value; `undefined` where it is too long to be adopted. */
  readonly text: string | null | undefined;
}

/** Where a route stands. */
export interface Status {
  /** The newest version, whatever KV has; absent where the route never had one. */
  readonly latest: Version | undefined;
  /** The version that KV has, as far as is known; 0 for none. */
  readonly published: number;
  /** Failed attempts to publish since the last one that worked. */
  readonly attempts: number;
  /** When the next attempt is due (ms). */
  readonly retryAt: number | undefined;
  /** What somebody else wrote to KV; absent too where KV did not answer in time. */
  readonly drift: Drift | undefined;
}

/** One line of the audit log. */
export interface AuditEntry {
  readonly id: number;
  readonly at: number;
  readonly actor: string;
  readonly action: LedgerAction;
  readonly version: number;
  readonly note: string;
  readonly detail: string;
}

/** A page of a list, newest first; `next` is the cursor of the following one. */
export interface Page<T> {
  readonly items: T[];
  readonly next: number | undefined;
}
