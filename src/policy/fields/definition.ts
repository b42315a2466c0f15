import type * as v from "valibot";

import type { Fields, Report } from "../check-report.ts";
import type { Common } from "../common.ts";
import type { CacheKey, HeaderEdits, Node, Variant } from "../compiled.ts";
import type { MatchInput } from "../conditions/index.ts";
import type { Conditions } from "../match.ts";
import type { Policy } from "../schema.ts";
import type {
  AnyLeafStrategy,
  AnyStrategy,
  Child,
  Found,
  WrittenVariant,
} from "../strategies/definition.ts";

/** The schemas of a language that a field's own may hold. */
export interface Inside {
  readonly match: v.GenericSchema<MatchInput, MatchInput>;
  readonly policy: v.GenericSchema<Policy, Policy>;
}

/** What the cache consequences of a field depend on beside it. */
export interface CacheContext {
  readonly conditions: Conditions;
  /** The names of the policy's variants. */
  readonly variants: readonly string[];
  /** Whether the choice between the policy's variants depends on who asks. */
  readonly asksWho: boolean;
}

/** What comes of the common fields in force, wherever a node with them stands. */
export interface SharedContext {
  /** All common fields, inherited ones included. */
  readonly fields: Common;
  /** The policy's header changes. */
  readonly edits: HeaderEdits;
  /** A variant with the policy's header changes and time-out. */
  readonly variantOf: (written: WrittenVariant) => Variant;
  /** Makes something of a written value once for one policy, however many nodes inherit it. */
  readonly once: <TWritten, TCompiled>(
    written: TWritten,
    make: (written: TWritten) => TCompiled,
  ) => TCompiled;
}

/** What the compiled form of a field that is a node's own may depend on beside it. */
export interface FieldContext extends SharedContext {
  /** The route's key. */
  readonly key: string;
  /** Prefixes and rule names from the root: what the default salt adds to the key. */
  readonly path: string;
  readonly conditions: Conditions;
  readonly variants: readonly Variant[];
  /** Of a policy that ends in an origin. */
  readonly definition: AnyLeafStrategy | undefined;
  /** The compiled form of a policy that a rule leads to. */
  readonly child: (policy: Policy, segment: string) => Node;
}

/** What a field names, whatever its shape. */
export interface Names {
  /** Every place in it that names a variant of its policy. */
  readonly variants: (written: unknown) => readonly Found[];
  /** Every origin that it names. */
  readonly origins: (written: unknown) => readonly Found[];
  /** Every policy that it holds. */
  readonly children: (written: unknown) => readonly Child[];
}

/** The policy that a field stands on, whose shape may be wrong in other places. */
export interface Around {
  readonly policy: Fields;
  readonly definition: AnyStrategy | undefined;
  /** The goals of the route. */
  readonly goals: readonly unknown[];
}

interface Field<TWritten> {
  /** What a policy writes. */
  schema(inside: Inside): v.GenericSchema<TWritten>;
  /** Which policies carry it: any, those with variants of their own, or a route's root. */
  readonly stands: "anywhere" | "at-leaf" | "at-root";
  /** What a policy that ends at the gateway writes of it; "nothing" of what only means something on the way to an origin. */
  readonly atEnd: "nothing" | ((inside: Inside) => v.GenericSchema<TWritten>);
  /** Whether policies inside a map have it from there, where they say nothing themselves. */
  readonly inherited: boolean;
  /** Whether a draw of its own makes an answer depend on who asks, between several variants. */
  readonly asksWho: boolean;
  /** The variants, origins and policies that it names: what is named here is checked, and nobody else looks for it. */
  readonly names: Names | "nothing";
  /** The rules between it and the rest of its policy, where there are any; what is told leads from the policy. */
  check?(written: unknown, around: Around, report: Report): void;
  /** What an answer then depends on beside its URL, for caches. */
  cacheKey(written: TWritten | undefined, context: CacheContext): CacheKey;
}

/** A field whose compiled form is made once for all leaves that inherit the same fields, and write none. */
export interface SharedField<TWritten, TCompiled> extends Field<TWritten> {
  readonly shared: true;
  /** What a decision or the forwarding uses; `undefined` is a field that nobody wrote. */
  compile(written: TWritten | undefined, context: SharedContext): TCompiled;
}

/** A field whose compiled form depends on its node too: on where it stands, its variants or its strategy. */
export interface NodeField<TWritten, TCompiled> extends Field<TWritten> {
  readonly shared: false;
  /** What a decision or the forwarding uses at one node; `undefined` is a field that nobody wrote. */
  compile(written: TWritten | undefined, context: FieldContext): TCompiled;
}

/** A field that any policy may carry. */
export type FieldDefinition<TWritten, TCompiled> =
  | SharedField<TWritten, TCompiled>
  | NodeField<TWritten, TCompiled>;

/** A field whatever it says. */
export type AnyField = FieldDefinition<unknown, unknown>;

/** For the parts of {@link Names} that a field has none of. */
export const none = (): [] => [];
