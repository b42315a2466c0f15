import type * as v from "valibot";

import type { GuardAction } from "../../lib/guard.ts";
import type { Ending, LeafNode, MapNode, Node, Variant } from "../compiled.ts";
import type { Fields, Report, Steps } from "../check-report.ts";
import type { Common } from "../common.ts";
import type { Policy } from "../schema.ts";
import type { Ramp } from "../ramp.ts";
import type { Reason } from "../reason.ts";
import type { RewriteInput } from "../rewrite.ts";
import type { Headers } from "../header-values.ts";
import type { OriginInput } from "../origin-values.ts";

/** Who asks, as far as a draw depends on it. */
export interface Asker {
  /** What is hashed. */
  readonly visitor: string;
  /** What the visitor's cookie says, where the policy knows visitors by cookie. */
  readonly known: { readonly seenAt: number } | undefined;
}

/** What a strategy answers. */
export interface Choice {
  readonly variant: Variant;
  readonly reason: Reason;
}

/** A value found inside a policy, whatever its shape. */
export interface Found {
  readonly steps: Steps;
  readonly value: unknown;
}

/** A policy inside another. */
export interface Child extends Found {
  /** The key that leads to it, as it is written; `""` where every path does. */
  readonly prefix: string;
  /** What its place adds to the default salt; absent where that place should have a name and has none. */
  readonly segment: string | undefined;
  /** Where that name stands, for a place that is named. */
  readonly named?: Steps;
}

/** A named branch as it is written. */
export interface WrittenVariant {
  readonly name: string;
  readonly origin: OriginInput;
  readonly weight?: number;
  readonly headers?: Headers;
  readonly rewrite?: RewriteInput;
}

/** What every policy that is an object has. */
export interface Written extends Common {
  readonly strategy?: string;
}

/** The schemas of the fields that are a strategy's own: each has one. */
type Entries<TWritten> = {
  readonly [TField in Exclude<keyof TWritten, keyof Common | "strategy">]-?: v.GenericSchema;
};

interface Shared<TWritten> {
  /** What its policies are called in messages; nothing in a build without words. */
  readonly title: string | undefined;
  /** What makes a policy of this strategy, beside the common fields; `nested` is the schema of a policy inside it. */
  entries(nested: v.GenericSchema): Entries<TWritten>;
  /** The rules between its own fields, and the common ones in force (`common`, inherited ones included), over values whose shape may be wrong in other places. */
  check(written: Fields, report: Report, common: Fields): void;
  /** Every origin that its own fields name, whatever their shape. */
  origins(written: Fields): readonly Found[];
  /** Every policy that its own fields hold, whatever their shape. */
  children(written: Fields): readonly Child[];
}

/** How a guard guards the policies of a strategy. */
export interface Guarding<TNode> {
  /** The actions that fit; the first is taken where a guard names none. */
  readonly actions: readonly [GuardAction, ...GuardAction[]];
  /** Whether variants serve visitors drawn at the same time, so that they can be compared; else checks have limits of their own alone. */
  readonly compares: boolean;
  /** Where it stands until a next step is earned, in words, for those that take steps. */
  waits?(node: TNode, now: number): string | undefined;
  /** The variants that a guard may name as its control, whatever the policy's shape; none where the strategy alone knows it. */
  controls(written: Fields): readonly string[];
  /** Whether somebody should hear of a policy that has no guard. */
  readonly advised: boolean;
  /** The variant that others are measured against, and go back to, at a time (ms since the epoch); absent where nothing could be taken back. */
  control(node: TNode, now: number): Variant | undefined;
  /** The ramp that can be paused, and whose steps can be earned; absent where there is none. */
  ramp(node: TNode): Ramp | undefined;
  /** When a lease ends that somebody has to renew (ms since the epoch); absent where there is none. */
  lapsesAt(node: TNode): number | undefined;
}

/** A strategy that ends in an origin: which of its variants serves. */
export interface LeafStrategy<
  TWritten extends Written,
  TNode extends LeafNode,
> extends Shared<TWritten> {
  readonly kind: "leaf";
  /** Whether it serves visitors differently: else coverage, groups and inherited `bots` mean nothing to it. */
  readonly splits: boolean;
  /** Whether a draw of it may be kept in the cookie. */
  readonly pins: boolean;
  /** Whether `rescue` is on where a policy says nothing. */
  readonly rescues: boolean;
  /** The names of its variants, whatever the shape of the rest. */
  variantNames(written: Fields): readonly string[];
  /** Its variants, in order; at least one. */
  variants(written: TWritten): readonly WrittenVariant[];
  /** Adds what is its own to what every leaf has. */
  compile(written: TWritten, leaf: LeafNode): TNode;
  /** Whether its choice depends on who asks, for caches. */
  asksWho(written: TWritten): boolean;
  /** Whether it wants to know by cookie who is here at a time (ms since the epoch), even where another source names them. */
  marks(node: TNode, now: number): boolean;
  /** The variant of those who stay where they were, ahead of coverage and groups; nothing for all others. Only asked where it marks. */
  keeps(node: TNode, who: () => Asker, now: number): Choice | undefined;
  /** Which variant serves, and why. `who` is asked only where the answer needs it; `now` in ms since the epoch. Pure. */
  decide(node: TNode, who: () => Asker, now: number): Choice;
  /** What each variant is to get of those that are drawn at a time, in the order of the node's variants; 1 in all. Between two of its `instants` they stay as they are. */
  shares(node: TNode, now: number): readonly number[];
  /** The instants (ms since the epoch) at which the clock alone changes what it chooses, in any order; none for most. */
  instants(node: TNode): readonly number[];
  /** Who serves those that are in no experiment. */
  defaultVariant(node: TNode, now: number): Variant;
  /** What a guard may do with it; "nothing" where there is nothing to take back. */
  readonly guard: Guarding<TNode> | "nothing";
  /** Whether a visitor may stay pinned to a variant; only asked where it pins. */
  honoursPin(node: TNode, variant: Variant, now: number): boolean;
  /** Who is asked when a variant failed; only asked where `rescue` is on. */
  rescuer(node: TNode, failed: Variant): Variant | undefined;
}

/** Where a path leads. */
export interface Step {
  readonly node: Node;
  /** The key that leads there, for people. */
  readonly prefix: string;
  /** The part of the path that the key names; empty where every path leads there. */
  readonly matched: string;
  /** The part of the path that is taken off before forwarding. */
  readonly stripped: string;
}

/** A strategy that answers at the gateway: it has no variants, and of the common fields those that say so. */
export interface EndStrategy<TWritten extends Written> extends Shared<TWritten> {
  readonly kind: "end";
  /** How it answers. */
  ending(written: TWritten): Ending;
}

/** Makes the compiled form of a policy inside another; `segment` is what its place adds to the default salt. */
export type CompileChild = (policy: Policy, segment: string) => Node;

/** A strategy that leads on to other policies, and hands its common fields down to them. */
export interface MapStrategy<
  TWritten extends Written,
  TNode extends MapNode,
> extends Shared<TWritten> {
  readonly kind: "map";
  compile(written: TWritten, map: MapNode, child: CompileChild, inherited: Common): TNode;
  /** Where a path leads, or nothing. */
  step(node: TNode, path: string): Step | undefined;
  /** Every node it may lead to, rules aside. */
  nodes(node: TNode): readonly Node[];
}

/** A strategy whatever it decides by. */
export type AnyStrategy = AnyLeafStrategy | AnyMapStrategy | AnyEndStrategy;
export type AnyLeafStrategy = LeafStrategy<Written, LeafNode>;
export type AnyMapStrategy = MapStrategy<Written, MapNode>;
export type AnyEndStrategy = EndStrategy<Written>;
