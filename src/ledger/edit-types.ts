import type { RequestDescription } from "../decide/request-description.ts";
import type { Issue } from "../lib/issue.ts";
import type { Action } from "../policy/actions/index.ts";
import type { CheckOptions } from "../policy/check.ts";
import type { Change as Difference } from "../policy/diff.ts";
import type { GrantedRamp } from "../policy/granted.ts";
import type { NewWord, Since } from "../policy/since.ts";
import type { Plan } from "../preview/plan.ts";
import type { Drift, Idempotency, LedgerAction, Made, Version } from "./types.ts";

/** Which version an edit may change: none, so that it makes the route; any; or some. */
export type Expected =
  | { readonly want: "none" }
  | { readonly want: "any" }
  | { readonly want: "some"; readonly versions: readonly number[] };

/** What an edit does to a route's policy. Policies come as they were sent, not yet judged. */
export type Change =
  /** `apply` marks a policy that comes from the file which is the route's source. */
  | { readonly kind: "put"; readonly policy: unknown; readonly apply: boolean }
  /** A JSON Merge Patch (RFC 7396). */
  | { readonly kind: "patch"; readonly patch: unknown }
  | { readonly kind: "delete" }
  /** Makes an earlier version's policy the newest one. */
  | { readonly kind: "rollback"; readonly version: number }
  /** Takes what somebody wrote to KV into the history, to the letter. */
  | { readonly kind: "adopt" }
  | { readonly kind: "act"; readonly action: Action }
  /** Grants a ramp's step, which begins with the edit. Nobody but a guard does that; people promote. */
  | { readonly kind: "grant"; readonly node: string; readonly step: number };

/** What somebody thinks of doing to a route. */
export interface Proposal {
  readonly key: string;
  readonly change: Change;
  /** Whether visitors may be drawn anew without need. */
  readonly allowReshuffle: boolean;
  /** Whether to go ahead over what was written to KV by hand, and over what somebody took back. */
  readonly override: boolean;
  /** The time the change is made at (ms), by whose clock ramps and cut-overs are looked at. */
  readonly now: number;
  /** The request that synthetic visitors make; one for each changed branch where it is left out. */
  readonly request?: RequestDescription | undefined;
}

/** An edit to judge and to accept. */
export interface Edit extends Proposal {
  readonly expects: Expected;
  readonly author: string;
  readonly note: string;
  /** For the audit log: what exactly was asked. */
  readonly detail: string;
  readonly idempotency: Idempotency | undefined;
}

/** All that an edit is judged by, as plain data. */
export interface State {
  readonly latest: Version | undefined;
  /** What somebody else wrote to KV; `undefined` where nobody did, or where it is not known. */
  readonly drift: Drift | undefined;
  /** The versions that the edit names, by number: what the caller knew, what a rollback goes back to. */
  readonly named: ReadonlyMap<number, Version>;
  /** The newest versions, newest first, where the edit goes back to something in them; otherwise empty. */
  readonly past: readonly Version[];
  /** The newest version that took something back, where none was applied from a file since. */
  readonly takenBack: Made | undefined;
  /** The newest version by which a guard took something back, and the one before it, where the edit might give that back. */
  readonly byGuard: { readonly taken: Version; readonly before: Version } | undefined;
  /** The ramps of the newest version whose steps are earned, where a policy is sent. */
  readonly granted: readonly GrantedRamp[];
  readonly rules: CheckOptions;
  /** The words of the policy language that not every release knows. */
  readonly since: Since;
  /** The releases of the gateways that reported lately; "unasked" where nobody has asked the hub yet. */
  readonly gateways: readonly string[] | "unasked";
  /** Until every machine serves what is published now (ms), at worst. */
  readonly propagationMs: number;
}

/** A value in KV that an edit replaced though no ledger had put it there. */
export interface Replaced {
  /** Its beginning; null where KV had no value. */
  readonly text: string | null;
  /** Its length, of which `text` may be a part. */
  readonly bytes: number;
  /** Whether it was a valid policy. */
  readonly valid: boolean;
}

/** An edit that was judged and may be stored. */
export interface Accepted {
  /** What KV is to have; null where the route is deleted. */
  readonly text: string | null;
  readonly action: LedgerAction;
  /** Whether the newest version says the same already. */
  readonly unchanged: boolean;
  /** Why nothing had to be done, where an action says so. */
  readonly reason: string | undefined;
  /** Whether it brings a route into being. */
  readonly created: boolean;
  readonly plan: Plan | undefined;
  readonly warnings: readonly Issue[];
  readonly replaced: Replaced | undefined;
  /** What it says that not every release knows, where it went ahead without asking which gateways there are. */
  readonly unheld: readonly NewWord[];
}

/** An edit that was stored. */
export interface Committed extends Omit<Accepted, "text" | "unheld"> {
  readonly version: number;
  /** The version that KV has, as far as is known. */
  readonly published: number;
  readonly author: string;
  /** When it was accepted (ms). */
  readonly at: number;
  readonly note: string;
  /** Whether an earlier request with the same idempotency key did it. */
  readonly replayed: boolean;
}

/** What an edit would do. */
export interface Previewed extends Pick<Accepted, "warnings"> {
  /** The newest version; 0 where there is none. */
  readonly from: number;
  /** Whether there is a version, or a value in KV, to make the edit from. */
  readonly exists: boolean;
  readonly same: boolean;
  /** Why an action has nothing to do. */
  readonly reason: string | undefined;
  readonly drift: boolean;
  readonly takenBack: Made | undefined;
  readonly plan: Plan;
}

/** A release that is still served by, and what a policy says that it does not know. */
export interface TooOld {
  readonly release: string;
  readonly words: readonly NewWord[];
}

/** The judgement on an edit waits for the hub's word of which gateways there are. */
export interface Unasked {
  readonly code: "unasked";
}

/** Why an edit was not accepted. Nothing was changed. */
export type EditError =
  | { readonly code: "route-not-found" }
  | { readonly code: "version-not-found" }
  | {
      readonly code: "precondition-failed";
      /** The newest version; absent where there never was one. */
      readonly latest: Made | undefined;
      /** A version that the caller knew, and what has changed since. */
      readonly since?: number;
      readonly changes?: readonly Difference[];
      readonly changesLeftOut?: number;
    }
  | { readonly code: "drift"; readonly current: number }
  | { readonly code: "no-drift" }
  | {
      readonly code: "policy-refused";
      /** Which policy it is: the one that was sent, the newest version's, an earlier one's, or KV's. */
      readonly which: "sent" | "newest" | "earlier" | "in-kv";
      readonly issues: readonly Issue[];
    }
  | { readonly code: "policy-too-large"; readonly which: "sent" | "in-kv" }
  | { readonly code: "action-refused"; readonly message: string; readonly fix: string }
  | { readonly code: "reshuffle"; readonly plan: Plan }
  | { readonly code: "taken-back"; readonly by: Made }
  /** It would give a variant back what a guard took from it; `evidence` is what the guard had found. */
  | {
      readonly code: "guard-acted";
      readonly by: Made;
      readonly evidence: string;
      readonly variant: string;
    }
  /** It says what gateways that still serve do not know. */
  | { readonly code: "gateway-too-old"; readonly old: readonly TooOld[] }
  | { readonly code: "idempotency-mismatch" }
  | { readonly code: "ledger-full" };
