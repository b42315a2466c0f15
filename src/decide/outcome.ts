import type { EndNode, Ending, LeafNode, Mirror, Variant } from "../policy/compiled.ts";
import type { Cors } from "../policy/fields/cors.ts";
import type { OverrideFault, Reason } from "../policy/reason.ts";
import type { Identity } from "./identity.ts";
import type { Visitor } from "./visitor.ts";

/** The request is forwarded: to which variant, and why. */
export interface Decision {
  readonly do: "forward";
  readonly node: LeafNode;
  readonly variant: Variant;
  readonly reason: Reason;
  /** Why an override that the request carried was not followed. */
  readonly ignored: OverrideFault | undefined;
  /** The path to forward, before the origin's base path. */
  readonly path: string;
  /** What path-maps took off in front of it. */
  readonly stripped: string;
  /**
   * The part of the path that a key of a path-map, or the prefix of a rule, has led here by, what was
   * taken off included; empty where every path leads here.
   */
  readonly matchedPrefix: string;
  /**
   * Whether the visit counts in the split's statistics: a page view of somebody who was drawn and
   * can be known again. Overrides, rules, crawlers, prefetches and the uncovered never do.
   */
  readonly counted: boolean;
  /** Whether it rests on a draw for this request alone: no shared cache may give its answer to others. */
  readonly fleeting: boolean;
  /** Who asks, where they came with a name of theirs; nothing where nobody asked, or they are new. */
  readonly visitor: string | undefined;
  /** Whom the choice was made for; nothing where it depends on nobody. */
  readonly who: Identity | undefined;
  /** Whether a pin was followed that a rule made, and no draw. */
  readonly byRulePin: boolean;
  /** What the visitor's cookie must say from now on; absent where it is to stay as it is. */
  readonly remember: Visitor | undefined;
  /** The policy's mirrors that get a copy of the request. */
  readonly mirrors: readonly Mirror[];
}

/** The name of the split that was decided; none where one variant is all there is. */
export function experimentOf({ node }: Decision): string | undefined {
  return node.variants.length > 1 ? node.experiment : undefined;
}

/** The request ends here: its policy redirects it, or is the answer itself. */
export type End = Ending & {
  readonly node: EndNode;
  /** The part of the path that led here, what was taken off included; empty where every path leads here. */
  readonly matchedPrefix: string;
  /** The name of the last rule on the way, empty where it has none; absent where no rule led here. */
  readonly ledBy: string | undefined;
};

/** A request that is sent elsewhere. */
export type Redirect = Extract<End, { readonly do: "redirect" }>;

/** The request is answered with a problem: its policy has no place for it. */
export interface Refusal {
  readonly do: "refuse";
  readonly problem: "path-not-mapped";
  /** Whose pages may read that. */
  readonly cors: Cors | undefined;
}

/** A page of another origin asks what it may ask for; nobody is decided on. */
export interface Preflight {
  readonly do: "preflight";
  readonly cors: Cors;
}

/** What to do with a request. Whoever acts on one, explains one or counts them names each kind, or does not compile. */
export type Outcome = Decision | End | Preflight | Refusal;
