import type { GuardAction, GuardCheck } from "../lib/guard.ts";
import type { CompiledFields } from "./fields/index.ts";
import type { Match } from "./match.ts";
import type { Rewrite } from "./rewrite.ts";
import type { AnyLeafStrategy, AnyMapStrategy } from "./strategies/definition.ts";

/** Where an origin is: what precedes the path of every request to it. */
export interface Origin {
  /** Scheme, host and port: `https://o.example:8443`. */
  readonly origin: string;
  /** Host and port, as in a `Host` field. */
  readonly host: string;
  /** The base path without its trailing slash; empty for none. */
  readonly base: string;
  /** The host that is connected to in place of the URL's, in lower case. */
  readonly resolve?: string;
  /** The binding that requests go through. */
  readonly via?: string;
}

/** Header changes with names in lower case, in the order they are applied. */
export interface HeaderEdits {
  readonly request: readonly HeaderEdit[];
  readonly response: readonly HeaderEdit[];
}

export interface HeaderEdit {
  readonly kind: "set" | "add" | "remove";
  readonly name: string;
  /** As it is written, or the name of the secret that has it. */
  readonly value: string | { readonly secret: string };
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
  /** How the path is rewritten on the way there: the origin's own word, else the variant's, else the policy's. */
  readonly rewrite: Rewrite | undefined;
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

/** A rule of a split leads to one of its variants or to a policy; a rule of a path-map to a policy. */
export interface Rule {
  readonly name: string;
  readonly match: Match;
  readonly variant: Variant | undefined;
  /** Whether what it chose is pinned, where the split pins. */
  readonly pin: boolean;
  readonly node: Node | undefined;
  /** The prefixes in its match, in normal form; those of `"/x/*"` alone. */
  readonly prefixes: readonly string[];
  /** Whether the longest that fits is taken off before its policy sees the path. */
  readonly strip: boolean;
}

/** What a request's answer depends on beside its URL, for the caches on its way back. */
export interface CacheKey {
  /** Header names for `Vary`. */
  readonly vary: readonly string[];
  /** The answer depends on something no `Vary` can name: only the visitor's own cache may keep it. */
  readonly unshareable: boolean;
}

export type Failure = "network" | "timeout" | number;

/** Which failures are tried again, and how often. */
export interface Retry {
  readonly attempts: number;
  readonly on: ReadonlySet<Failure>;
  /** The first wait (ms); absent where the gateway chooses. */
  readonly backoffMs: number | undefined;
}

/** Where a shadow copy goes, and of how many requests (percent). */
export interface Mirror {
  readonly to: Variant;
  readonly percent: number;
}

/** The cookie that means consent, with any value where none is named. */
export interface Consent {
  readonly cookie: string;
  readonly value: string | undefined;
}

/** A node that ends in an origin; each strategy adds what is its own. */
export interface LeafNode extends CompiledFields {
  readonly kind: "leaf";
  readonly strategy: string;
  readonly definition: AnyLeafStrategy;
  /** Key prefixes and rule names from the root: `/store/eu`. Part of the default salt. */
  readonly path: string;
  readonly variants: readonly [Variant, ...Variant[]];
  /** Whether any of them rewrites the path: of ten thousand policies a decision then touches no variant but to name it. */
  readonly rewrites: boolean;
  readonly cacheKey: CacheKey;
}

/** The parts of a redirect's URL; what is absent stays as the visitor's request had it. */
export interface RedirectTarget {
  readonly scheme: "http" | "https" | undefined;
  /** In lower case, as URLs write it. */
  readonly host: string | undefined;
  /** In digits. */
  readonly port: string | undefined;
  /** In normal form: in place of the whole path. */
  readonly path: string | undefined;
  /** In normal form, without its trailing slash: in place of the part that led to the policy. */
  readonly prefix: string | undefined;
}

/** How a policy that ends at the gateway answers. */
export type Ending =
  | { readonly do: "redirect"; readonly status: number; readonly to: RedirectTarget }
  | {
      readonly do: "respond";
      readonly status: number;
      readonly body: string;
      /** Absent where there is nothing to describe. */
      readonly contentType: string | undefined;
    };

/** A node that answers without an origin. */
export interface EndNode extends Pick<CompiledFields, "rules" | "headers" | "cors"> {
  readonly kind: "end";
  readonly strategy: string;
  readonly ending: Ending;
  readonly cacheKey: CacheKey;
}

/** A node that leads on to others by the path. */
export interface MapNode extends Pick<CompiledFields, "rules" | "cors" | "goals"> {
  readonly kind: "map";
  readonly strategy: string;
  readonly definition: AnyMapStrategy;
}

export type Node = LeafNode | MapNode | EndNode;

/** What counts as success of a route. */
export interface Goal {
  readonly name: string;
  /** Which requests reach it; absent where the origin says so. */
  readonly match: Match | undefined;
  /** Hundreds of the statuses with which it counts: 2 and 3 where the policy names none. */
  readonly classes: ReadonlySet<number>;
  /** Single statuses with which it counts too. */
  readonly statuses: ReadonlySet<number>;
  readonly count: "once" | "every";
  /** What one visitor's values add up to at most; absent for a goal without values. */
  readonly cap: number | undefined;
}

/** What takes a variant back by itself. */
export interface Guard {
  readonly checks: readonly GuardCheck[];
  readonly windowMs: number;
  /** Different visitors with the fault, from as many addresses, below which there is no verdict. */
  readonly minVisitors: number;
  readonly action: GuardAction;
  /** The variant that others are compared with; absent where it is the strategy's own. */
  readonly control: string | undefined;
  /** Whether each step of the ramp is earned. */
  readonly earn: boolean;
  /** Names of receivers. */
  readonly notify: readonly string[];
  /** Whether a check is about what happened in a window: isolates then tell who came in each. */
  readonly watches: boolean;
}

/** A policy ready to decide with: made once per version and isolate. */
export interface CompiledPolicy {
  /** The KV key it was found under. */
  readonly key: string;
  readonly root: Node;
  /** Whether any node of it may need a signed override checked; so others never pay for the look. */
  readonly overridable: boolean;
  /** Names of all visitor cookies that its nodes set: none of them is an origin's business. */
  readonly cookieNames: readonly string[];
  /** Its splits, each with an identity of its own for goals. */
  readonly splits: readonly LeafNode[];
  readonly goals: readonly Goal[];
  /** Hosts of origins that may serve several variants or tenants: one URL there has several pages. */
  readonly sharedHosts: ReadonlySet<string>;
  /** What it takes in memory, about (bytes): so that a cache can weigh it. */
  readonly size: number;
}
