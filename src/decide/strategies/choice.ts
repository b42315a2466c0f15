import type { Variant } from "../../policy/compiled.ts";
import type { Identity } from "../identity.ts";
import type { Reason } from "../../policy/reason.ts";

/** What a strategy answers. */
export interface Choice {
  readonly variant: Variant;
  readonly reason: Reason;
}

/** One signature for all of them: the node, who asks (only if asked for), and when (ms since the epoch). */
export type Strategy<TNode> = (node: TNode, who: () => Identity, now: number) => Choice;
