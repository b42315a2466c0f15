import { GUARD_AUTHOR } from "../lib/guard.ts";
import type { Action } from "../policy/actions/index.ts";
import type { GuardDeed, GuardOrder, GuardOutcome } from "../report/guard.ts";
import type { LedgerCore } from "./core.ts";
import type { Change, Edit } from "./edit-types.ts";

/** The action that takes back what a guard's deed says. */
function actionOf(node: string, deed: Exclude<GuardDeed, { kind: "grant" }>): Action {
  switch (deed.kind) {
    case "abort":
      return { name: "abort", node };
    case "pause":
      return { name: "pause", node };
    case "force":
      return { name: "force", node, variant: deed.variant };
    case "switch-back":
      return { name: "switch-back", node };
    default:
      return deed satisfies never;
  }
}

const changeOf = ({ node, deed }: GuardOrder): Change =>
  deed.kind === "grant"
    ? { kind: "grant", node, step: deed.step }
    : { kind: "act", action: actionOf(node, deed) };

/** A guard's order as an edit: of the version that was judged, and never over what somebody put by hand. */
function editOf(order: GuardOrder, now: number): Edit {
  const { key, version, node, deed, evidence } = order;
  return {
    key,
    change: changeOf(order),
    allowReshuffle: false,
    override: false,
    now,
    expects: { want: "some", versions: [version] },
    author: GUARD_AUTHOR,
    note: evidence,
    detail: deed.kind,
    idempotency: {
      id: `${GUARD_AUTHOR}:${version}:${node}:${deed.kind}`,
      fingerprint: JSON.stringify(deed),
    },
  };
}

/** Makes an edit for a guard. */
export async function guarded(
  core: LedgerCore,
  order: GuardOrder,
  now: () => number,
): Promise<GuardOutcome> {
  const edited = await core.edit(editOf(order, now()));
  if (edited.ok) {
    const { version, replayed, unchanged } = edited.value;
    return { done: replayed || unchanged ? "already" : "made", version };
  }
  const { code } = edited.error;
  if (code === "precondition-failed") return { done: "outdated" };
  return { done: "refused", reason: code };
}
