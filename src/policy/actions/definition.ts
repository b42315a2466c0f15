import type * as v from "valibot";

import { ok, refused, type Result } from "../../lib/result.ts";
import type { Pointer } from "../locate.ts";
import type { Policy } from "../schema.ts";
import type { WrittenBy, StrategyName } from "../strategies/index.ts";
import type { StickyInput } from "../fields/sticky.ts";

/** What an action made of a policy. */
export interface ActionOutcome {
  readonly policy: Policy;
  /** Why nothing had to be done; the policy is then the one that was given. */
  readonly nothing?: string;
}

/** Why an action does not fit, and what to do instead. */
export interface ActionRefusal {
  readonly message: string;
  readonly fix: string;
}

/** What an action came to. */
export type ActionResult = Result<ActionOutcome, ActionRefusal>;

/** An earlier form of the whole policy, and which action made it when. */
export interface Past {
  readonly policy: Policy;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly action: string;
}

/** When an action happens, how long its result takes to be known everywhere, and what went before. */
export interface Clock {
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Until every machine serves what is published now (ms), at worst. */
  readonly propagationMs: number;
  /** The policy's forms, the newest first and with it the one acted on; as far back as is known. */
  readonly past?: readonly Past[];
}

/** What an action may know beside the policy it is for. */
export interface ActContext extends Clock {
  /** The stickiness that path-maps hand down. */
  readonly sticky: StickyInput | undefined;
  /** Where the policy stands in each of the earlier forms. */
  readonly pointer: Pointer;
}

/** The policies that an action is for: those of one strategy, or every one with variants of its own. */
export type Fits = StrategyName | "leaf";

type PolicyFor<TFits extends Fits> = WrittenBy<TFits extends StrategyName ? TFits : StrategyName>;

/** One named change of a policy. */
export interface ActionDefinition<TFits extends Fits, TParameters> {
  readonly fits: TFits;
  /** What it takes beside the policy. */
  readonly parameters: v.GenericSchema<TParameters>;
  /** Makes another policy. Pure. Run a second time it has nothing to do. */
  act(policy: PolicyFor<TFits>, parameters: TParameters, context: ActContext): ActionResult;
}

/** An action whatever it does. */
export type AnyAction = ActionDefinition<Fits, unknown>;

/** The policy as the action leaves it. */
export const done = (policy: Policy): ActionResult => ok({ policy });

/** The policy is as the action would leave it. */
export const nothing = (policy: Policy, reason: string): ActionResult =>
  ok({ policy, nothing: reason });

/** An action that does not fit, and what to do instead. */
export const refuse = (message: string, fix: string): ActionResult => refused({ message, fix });
