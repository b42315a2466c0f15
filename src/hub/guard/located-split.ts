import type { GuardedSplit } from "../../policy/guarded-splits.ts";
import type { Head } from "../head.ts";
import type { Measure } from "../measure/measure.ts";
import type { Names } from "../measure/policies.ts";
import { isMild } from "./ordered-action.ts";
import type { Judged } from "./gather.ts";
import { situationOf, type Situation } from "./situation.ts";
import type { DoneAction, GuardState } from "./state.ts";

/** A guarded split where it stands. */
export interface LocatedSplit {
  readonly route: number;
  readonly head: Head;
  readonly names: Names;
  readonly split: GuardedSplit;
}

/** What is known of a route; `undefined` where it is not, or is gone. */
export function routeOf(
  { store, policies }: Measure,
  key: string,
): Omit<LocatedSplit, "split"> | undefined {
  const [head, route] = [store.head(key), store.idOf(key)];
  return head && route !== undefined ? { route, head, names: policies.of(head) } : undefined;
}

/** What is judged of a split. */
export function judgedOf(
  { route, head, names, split }: LocatedSplit,
  measure: Measure,
  { since }: GuardState,
  now: number,
): Judged {
  const { experiment } = split.node;
  return {
    name: { key: head.key, experiment },
    names,
    split,
    situation: situationOf(split, now),
    experiment: measure.experiments.of(route).get(experiment),
    since,
    now,
  };
}

/** Whether what was taken back was not given back yet: the route stays as it is until a person acts. */
export const isStanding = (
  acted: DoneAction | undefined,
  { version }: Head,
  { isPaused }: Situation,
): boolean =>
  acted !== undefined && (version <= acted.version || (isMild(acted.action) && isPaused));

/** A roll-out that begins anew: with the version that gave back what was taken, by whomever. */
export const begun = (
  { srmActed, granted }: GuardState,
  { at }: Head,
  now: number,
): GuardState => ({
  since: at > 0 ? at : now,
  ...(srmActed !== undefined && { srmActed }),
  ...(granted !== undefined && { granted }),
});
