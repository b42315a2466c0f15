import type { Accepted, Change, Edit } from "./edit-types.ts";

/** Nobody waits longer (ms) for KV to show what it has, nor does an emergency wait longer for KV in all. */
export const EMERGENCY_KV_MS = 700;

const TAKES_BACK: ReadonlySet<string> = new Set(["abort", "force", "switch-back", "unforce"]);

/** Whether a change is an action that takes something back. */
export const takesBack = (change: Change): boolean =>
  change.kind === "act" && TAKES_BACK.has(change.action.name);

/** Whether somebody waits for an edit who has no time: it then waits for KV no longer than it must. */
export const isEmergency = ({ change, override }: Edit): boolean =>
  override || takesBack(change) || change.kind === "rollback";

/** The edit of somebody who went ahead although KV did not say in time what it has. */
export function unseen(accepted: Accepted): Accepted {
  const warning = {
    path: "$",
    message: `KV did not say within ${EMERGENCY_KV_MS} ms what it has, so that is replaced unseen`,
    fix: "look at the route again, and at its audit log",
  };
  return { ...accepted, unchanged: false, warnings: [...accepted.warnings, warning] };
}
