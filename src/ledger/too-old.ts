import { refused, type Result } from "../lib/result.ts";
import { newWords, unknownTo, type NewWord } from "../policy/since.ts";
import { baseText } from "./change.ts";
import type { EditError, Proposal, State, TooOld, Unasked } from "./edit-types.ts";
import { takesBack } from "./emergency.ts";
import { policyIn, type Judged } from "./judge.ts";

/** Changes that are never held back: what KV has already serves already, a guard's grant was promised, and what takes something back is not to wait. */
const isFree = (change: Proposal["change"]): boolean =>
  change.kind === "adopt" || change.kind === "grant" || takesBack(change);

/**
 * The words of a new policy that older gateways may not know. Of an action's, those that the policy did not say before:
 * whoever acts on a policy has not written it.
 */
export function wordsHeldAgainst(
  state: State,
  { change }: Proposal,
  made: Judged | undefined,
): readonly NewWord[] {
  if (made === undefined || isFree(change)) return [];
  const words = newWords(made.policy, state.since);
  if (words.length === 0 || change.kind !== "act") return words;
  const before = newWords(policyIn(baseText(state), state.rules), state.since);
  return words.filter(({ word }) => !before.some((one) => one.word === word));
}

/** Whether gateways that reported lately do not know these words; `undefined` where all do. */
export function tooOld(
  { gateways }: State,
  words: readonly NewWord[],
): EditError | Unasked | undefined {
  if (words.length === 0) return undefined;
  if (gateways === "unasked") return { code: "unasked" };
  const old = gateways
    .map((release): TooOld => ({ release, words: unknownTo(release, words) }))
    .filter((one) => one.words.length > 0);
  return old.length === 0 ? undefined : { code: "gateway-too-old", old };
}

/** A judgement for which all is known that it asks for. */
export function known<T>(judged: Result<T, EditError | Unasked>): Result<T, EditError> {
  if (judged.ok) return judged;
  const { error } = judged;
  if (error.code === "unasked") throw new RangeError("the hub was asked, and is asked once");
  return refused(error);
}
