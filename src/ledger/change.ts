import { mergePatch } from "../lib/merge-patch.ts";
import { ok, refused, type Result } from "../lib/result.ts";
import { act } from "../policy/actions/act.ts";
import { grant } from "../policy/actions/grant.ts";
import { keepGrants, withoutGrants } from "../policy/granted.ts";
import type { EditError, Proposal, State } from "./edit-types.ts";
import type { Past } from "../policy/actions/definition.ts";
import { judge, judgeText, policyIn, type Judged } from "./judge.ts";
import type { LedgerAction } from "./types.ts";

/** What a change makes of a route: a judged policy, or nothing where it deletes the route. */
type Made = Result<(Judged & { readonly nothing?: string }) | undefined, EditError>;

const NOT_FOUND = refused({ code: "route-not-found" } as const);

/** The word that the history keeps for a change. */
export function actionOf({ change }: Proposal): LedgerAction {
  if (change.kind === "act") return change.action.name;
  return change.kind === "put" && change.apply ? "apply" : change.kind;
}

/** The text that a patch or an action starts from: the newest version's, or what only KV has. */
export function baseText({ latest, drift }: State): string | undefined {
  return (latest === undefined ? drift?.text : latest.text) ?? undefined;
}

/** The route's earlier forms, for as long as they are valid policies. */
function pastOf({ past, rules }: State): Past[] {
  const forms: Past[] = [];
  for (const { text, at, action } of past) {
    const policy = policyIn(text, rules);
    if (policy === undefined) break;
    forms.push({ policy, at, action });
  }
  return forms;
}

/** A policy that somebody sent, with the steps that were earned meanwhile. */
function sent(value: unknown, { rules, granted }: State): Made {
  const judged = judge(value, rules, "sent");
  if (!judged.ok) return judged;
  const { policy } = judged.value;
  const kept = keepGrants(policy, granted);
  return kept === policy ? judged : judge(kept, rules, "sent");
}

function patched(patch: unknown, state: State): Made {
  const text = baseText(state);
  if (text === undefined) return NOT_FOUND;
  let base: unknown;
  try {
    base = JSON.parse(text);
  } catch {
    return judgeText(text, state.rules, "in-kv");
  }
  // What a patch leaves out of ramps is the server's, as in a policy that is put.
  return sent(mergePatch(withoutGrants(base), patch), state);
}

function rolledBack(version: number, { named, rules }: State): Made {
  const earlier = named.get(version);
  if (earlier === undefined) return refused({ code: "version-not-found" });
  if (earlier.text === null) return ok(undefined);
  return judgeText(earlier.text, rules, "earlier");
}

function adopted({ drift, rules }: State): Made {
  if (drift === undefined) return refused({ code: "no-drift" });
  if (drift.text === undefined) return refused({ code: "policy-too-large", which: "in-kv" });
  return drift.text === null ? ok(undefined) : judgeText(drift.text, rules, "in-kv");
}

/** What an action makes of the newest policy, or a guard's grant. */
function acted({ change, now }: Proposal, state: State): Made {
  const text = baseText(state);
  if (text === undefined) return NOT_FOUND;
  const which = state.latest === undefined ? "in-kv" : "newest";
  const base = judgeText(text, state.rules, which);
  if (!base.ok || !(change.kind === "act" || change.kind === "grant")) return base;
  const { policy: before } = base.value;
  const { propagationMs } = state;
  const result =
    change.kind === "grant"
      ? grant(before, change.node, change.step, now)
      : act(before, change.action, { now, propagationMs, past: pastOf(state) });
  if (!result.ok) return refused({ code: "action-refused", ...result.error });
  const { policy, nothing } = result.value;
  return nothing === undefined
    ? judge(policy, state.rules, "sent")
    : ok({ ...base.value, nothing });
}

/** What a change makes of the route's newest policy. Pure. A policy must be one to be kept: `null` deletes nothing. */
export function carryOut(proposal: Proposal, state: State): Made {
  const { change } = proposal;
  switch (change.kind) {
    case "put":
      return sent(change.policy, state);
    case "patch":
      return patched(change.patch, state);
    case "delete":
      return baseText(state) === undefined ? NOT_FOUND : ok(undefined);
    case "rollback":
      return rolledBack(change.version, state);
    case "adopt":
      return adopted(state);
    case "act":
    case "grant":
      return acted(proposal, state);
    default:
      return change satisfies never;
  }
}
