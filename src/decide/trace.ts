import type { LeafNode, Node, Rule, Variant } from "../policy/compiled.ts";
import type { OverrideFault } from "../policy/reason.ts";
import type { Group } from "./coverage.ts";

/** Told of each step on the way to a decision, with what came of it; words are made of that elsewhere. */
export interface Trace {
  force(variant: Variant): void;
  bots(variant: Variant, isBot: boolean): void;
  consent(cookie: string, isGiven: boolean): void;
  override(asked: Variant | OverrideFault): void;
  /** Which of a node's rules holds; −1 for none. */
  rules(rules: readonly Rule[], index: number): void;
  drain(kept: Variant | undefined): void;
  /** The variant of a pin, and whether it still counts. */
  pin(pinned: Variant | undefined, counts: boolean): void;
  coverage(node: LeafNode, isIn: boolean): void;
  group(group: Group, isIn: boolean): void;
  strategy(node: LeafNode, chosen: Variant): void;
  /** Where a map leads on. */
  map(node: Node, prefix: string | undefined): void;
  end(node: Node): void;
  preflight(): void;
}
