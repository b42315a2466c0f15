import type { PrefixTable } from "./prefix.ts";

/** Where an origin is: what precedes the path of every request to it. */
export interface Origin {
  /** Scheme, host and port: `https://o.example:8443`. */
  readonly origin: string;
  /** Host and port, as in a `Host` field. */
  readonly host: string;
  /** The base path without its trailing slash; empty for none. */
  readonly base: string;
}

/** Header changes with names in lower case, in the order they are applied. */
export interface HeaderEdits {
  readonly request: readonly HeaderEdit[];
  readonly response: readonly HeaderEdit[];
}

export interface HeaderEdit {
  readonly kind: "set" | "add" | "remove";
  readonly name: string;
  readonly value: string;
}

/** A named branch, ready to be forwarded to. */
export interface Variant {
  readonly name: string;
  readonly origin: Origin;
  /** Only a weighted split reads it; 1 elsewhere. */
  readonly weight: number;
  readonly timeoutMs: number;
  /** The policy's edits, then the variant's, then its origin's. */
  readonly edits: HeaderEdits;
}

/** Where a visitor's identity comes from. */
export type Source =
  | { readonly from: "cookie" }
  | { readonly from: "ip" }
  | { readonly from: "header"; readonly name: string }
  | { readonly from: "query"; readonly name: string };

export interface CookieSettings {
  readonly name: string;
  readonly ttlSeconds: number;
  readonly domain: string | undefined;
  readonly sameSite: "lax" | "strict" | "none";
  readonly partitioned: boolean;
}

export interface Sticky {
  readonly by: readonly Source[];
  readonly byCookie: boolean;
  readonly mode: "hash" | "pin";
  readonly onZero: "keep" | "evict";
  readonly cookie: CookieSettings;
}

/** One value of a request held against what a rule wants. */
export type Condition =
  | { readonly is: "any"; readonly values: ReadonlySet<string> }
  | { readonly is: "present" }
  | { readonly is: "absent" }
  | { readonly is: "prefix" | "suffix" | "contains"; readonly value: string };

export interface PathPattern {
  readonly path: string;
  readonly under: boolean;
}

export interface Match {
  readonly host: Condition | undefined;
  readonly method: Condition | undefined;
  readonly path: readonly PathPattern[] | undefined;
  readonly header: readonly (readonly [string, Condition])[];
  readonly query: readonly (readonly [string, Condition])[];
  readonly cookie: readonly (readonly [string, Condition])[];
  readonly country: Condition | undefined;
  readonly bot: boolean | undefined;
}

/** A rule of a split leads to one of its variants or to a policy; a rule of a path-map to a policy. */
export interface Rule {
  readonly name: string;
  readonly match: Match;
  readonly variant: Variant | undefined;
  readonly node: Node | undefined;
}

/** What a request's answer depends on beside its URL, for the caches on its way back. */
export interface CacheKey {
  /** Header names for `Vary`. */
  readonly vary: readonly string[];
  /** The answer depends on something no `Vary` can name: only the visitor's own cache may keep it. */
  readonly unshareable: boolean;
}

export type Failure = "network" | "timeout" | 502 | 503 | 504;

/** What every node that ends in an origin has, defaults and inheritance applied. */
export interface Leaf {
  /** Key prefixes from the root: `/store/eu`. Part of the default salt. */
  readonly path: string;
  readonly variants: readonly [Variant, ...Variant[]];
  /** The effective salt: `salt`, or `salt@epoch` where an epoch is set. */
  readonly salt: string;
  readonly sticky: Sticky | false;
  readonly rules: readonly Rule[];
  readonly force: Variant | undefined;
  readonly coverage: number;
  readonly group: { readonly name: string; readonly from: number; readonly to: number } | undefined;
  readonly bots: Variant | undefined;
  readonly consent: { readonly cookie: string; readonly value: string | undefined } | undefined;
  readonly override: "signed" | "open" | "off";
  readonly retry: { readonly attempts: number; readonly on: ReadonlySet<Failure> } | undefined;
  readonly rescue: boolean;
  readonly assetRescue: boolean;
  readonly fallback: Variant | undefined;
  readonly mirror: { readonly to: Variant; readonly percent: number } | undefined;
  readonly cache: CacheKey;
}

export interface SingleNode extends Leaf {
  readonly strategy: "single";
}

export interface WeightedNode extends Leaf {
  readonly strategy: "weighted";
}

/** A ramp as rising steps, each from `fromMs` after the start. */
export interface Ramp {
  readonly startAtMs: number;
  readonly steps: readonly { readonly fromMs: number; readonly percent: number }[];
  readonly pausedAtMs: number | undefined;
}

export interface CanaryNode extends Leaf {
  readonly strategy: "canary";
  readonly stable: Variant;
  readonly canary: Variant;
  readonly percent: number;
  readonly ramp: Ramp | undefined;
  readonly leaseUntilMs: number | undefined;
}

export interface BlueGreenNode extends Leaf {
  readonly strategy: "blue-green";
  readonly active: Variant;
  readonly next:
    | { readonly active: Variant; readonly atMs: number; readonly drainMs: number }
    | undefined;
}

export interface PathMapNode {
  readonly strategy: "path-map";
  readonly rules: readonly Rule[];
  readonly table: PrefixTable<Branch>;
  readonly fallThrough: Node | undefined;
}

/** What stands under a prefix, and whether that prefix is taken off before forwarding. */
export interface Branch {
  readonly node: Node;
  readonly strip: boolean;
}

export type Node = SingleNode | WeightedNode | CanaryNode | BlueGreenNode | PathMapNode;

/** A node that ends in an origin. */
export type LeafNode = Exclude<Node, PathMapNode>;

/** A policy ready to decide with: made once per version and isolate. */
export interface CompiledPolicy {
  /** The KV key it was found under. */
  readonly key: string;
  readonly root: Node;
  /** Whether any node of it may need a signed override checked; so others never pay for the look. */
  readonly overridable: boolean;
  /** Names of all visitor cookies that its nodes set: none of them is an origin's business. */
  readonly cookieNames: readonly string[];
}
