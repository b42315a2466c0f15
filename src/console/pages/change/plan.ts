import type { AnswerOf } from "../../../api/client/ask.ts";
import type { Policy } from "../../../policy/schema.ts";
import type { Branch } from "../route/tree.ts";
import { relative } from "../../data/format.ts";

export type Preview = AnswerOf<"preview">;

/** One line that somebody who is about to do it would want to read first. */
export type Notice = string;

/** What there is to know about a split before it is changed: its lease, its cookies, its guard. Pure. */
export function noticesOf({ leaf, policy }: Branch, now: number): readonly Notice[] {
  if (leaf === undefined) return [];
  const { guard, sticky, definition } = leaf;
  const lapsesAt = definition.guard === "nothing" ? undefined : definition.guard.lapsesAt(leaf);
  const forced = typeof policy === "string" ? undefined : policy.force;
  const notices: Notice[] = [];
  if (lapsesAt !== undefined)
    notices.push(
      lapsesAt > now
        ? `The lease lapses ${relative(lapsesAt, now)}: everybody goes back then, unless it is renewed.`
        : "The lease has lapsed: the canary has nobody until it is renewed.",
    );
  if (sticky !== false && sticky.mode === "pin")
    notices.push(
      "Visitors are pinned by a cookie: who has one stays, so fewer move than the preview says.",
    );
  if (guard !== undefined)
    notices.push(
      `A guard watches this split: it does “${guard.action}” by itself where a check is breached. What you do overrules it until a policy is put.`,
    );
  if (forced !== undefined)
    notices.push(`“${forced}” is forced: what else is changed shows once it is no longer.`);
  return notices;
}

/** The policy of a route as the API gave it. */
export const policyOf = (policy: unknown): Policy =>
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the API gives what it accepted
  policy as Policy;
