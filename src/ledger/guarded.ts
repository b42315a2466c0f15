import { GUARD_AUTHOR } from "../lib/guard.ts";
import type { GuardOrder, GuardOutcome } from "../report/guard.ts";
import type { LedgerCore } from "./core.ts";
import type { Change, Edit } from "./edit-types.ts";

/** The change that does a guard's deed: what takes something back is called like the action that does it. */
function changeOf({ node, deed }: GuardOrder): Change {
  if (deed.kind === "grant") return { kind: "grant", node, step: deed.step };
  return "variant" in deed
    ? { kind: "act", action: { name: deed.kind, node, variant: deed.variant } }
    : { kind: "act", action: { name: deed.kind, node } };
}

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
