import { MAX_NOTE_CHARS } from "../api/limits.ts";
import { GUARD_AUTHOR } from "../lib/guard.ts";
import { shorten } from "../lib/shorten.ts";
import type { GuardOrder, GuardOutcome } from "../report/guard.ts";
import type { LedgerCore } from "./core.ts";
import type { Change, Edit, EditError } from "./edit-types.ts";

/** The change that a guard's order asks for: what takes something back has the name of the action that does it. */
function changeOf({ node, action }: GuardOrder): Change {
  if (action.kind === "grant") return { kind: "grant", node, step: action.step };
  return "variant" in action
    ? { kind: "act", action: { name: action.kind, node, variant: action.variant } }
    : { kind: "act", action: { name: action.kind, node } };
}

/** For the audit log: what exactly was done, and where in the policy. */
function detailOf({ node, action, version }: GuardOrder): string {
  const what =
    action.kind === "grant"
      ? `grant step ${action.step}`
      : [action.kind, "variant" in action ? action.variant : ""].filter(Boolean).join(" ");
  return `${what}${node === "" ? "" : ` at ${node}`}, judged by version ${version}`;
}

/** A guard's order as an edit: of the version that was judged, and never over what somebody put by hand. */
function editOf(order: GuardOrder, now: number): Edit {
  const { key, version, node, action, evidence } = order;
  return {
    key,
    change: changeOf(order),
    allowReshuffle: false,
    override: false,
    now,
    expects: { want: "some", versions: [version] },
    author: GUARD_AUTHOR,
    note: shorten(evidence, MAX_NOTE_CHARS),
    detail: detailOf(order),
    idempotency: {
      id: `${GUARD_AUTHOR}:${version}:${node}:${action.kind}`,
      fingerprint: JSON.stringify(action),
    },
  };
}

/** Why an order is not to be carried out, in words. */
function reasonOf(error: EditError): string {
  const { code } = error;
  if (code === "action-refused") return `${error.message}; ${error.fix}`;
  if (code === "policy-refused")
    return `the policy is not valid any more: ${error.issues[0]?.message ?? error.which}`;
  return code === "drift"
    ? "somebody wrote to KV by hand, and the guard changes nothing over that"
    : code;
}

/**
 * Makes an edit for a guard: once, however often it is asked for, and only of the version that was
 * judged. A guard that a person has overruled takes nothing back.
 */
export async function guarded(
  core: LedgerCore,
  order: GuardOrder,
  now: () => number,
): Promise<GuardOutcome> {
  const edit = editOf(order, now());
  const { idempotency } = edit;
  const isDone = idempotency !== undefined && core.store.recall(idempotency, edit.now).seen;
  if (!isDone && core.store.takenBack.isOverruled())
    return { done: "refused", reason: "a person has overruled the guard by an action" };
  const edited = await core.edit(edit);
  if (edited.ok) {
    const { version, replayed, unchanged } = edited.value;
    return { done: replayed || unchanged ? "already" : "made", version };
  }
  // Whoever was quicker: the guard looks at what they made of it.
  return edited.error.code === "precondition-failed" || edited.error.code === "route-not-found"
    ? { done: "outdated" }
    : { done: "refused", reason: reasonOf(edited.error) };
}
