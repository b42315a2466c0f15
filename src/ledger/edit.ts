import { warningsOf } from "../policy/warnings.ts";
import type { Issue } from "../lib/issue.ts";
import { ok, refused, type Result } from "../lib/result.ts";
import { compile } from "../policy/compile.ts";
import { diff } from "../policy/diff.ts";
import { givenBack } from "../policy/given-back.ts";
import { shownChanges } from "../policy/shown-changes.ts";
import { plan, type Plan } from "../preview/plan.ts";
import { MAX_DETAIL_CHARS } from "./detail.ts";
import { actionOf, baseText, carryOut } from "./change.ts";
import type {
  Accepted,
  Edit,
  EditError,
  Expected,
  Previewed,
  Proposal,
  Replaced,
  State,
  Unasked,
} from "./edit-types.ts";
import { judgeText, policyIn, type Judged } from "./judge.ts";
import { tooOld, wordsHeldAgainst } from "./too-old.ts";
import type { Drift, Made } from "./types.ts";

/** Changes that may bring a route into being; the others need something to change. */
const MAKERS: ReadonlySet<Edit["change"]["kind"]> = new Set(["put", "rollback", "adopt"]);

/** Plans a change: {@link plan}, or something that remembers what it planned. */
export type Planner = typeof plan;

/** Whether an expectation holds for a route's newest version: 0 where only KV has it, `undefined` where nothing has. */
export function holds(expected: Expected, current: number | undefined): boolean {
  if (expected.want === "none") return current === undefined;
  if (current === undefined) return false;
  return expected.want === "any" || expected.versions.includes(current);
}

/** The version an edit is made from; 0 for a route that only KV knows, `undefined` for one that is not there. */
function currentOf({ latest, drift }: State): number | undefined {
  if (latest === undefined) return drift === undefined ? undefined : 0;
  return latest.text === null ? undefined : latest.version;
}

/** What happened since the version that the caller knew, and who did it. */
export function outdated(state: State, expected: Expected): EditError {
  const { latest, named } = state;
  const known = expected.want === "some" ? named.get(expected.versions[0] ?? 0) : undefined;
  const made = latest && madeBy(latest);
  if (known === undefined || latest === undefined || known.version === latest.version)
    return { code: "precondition-failed", latest: made };
  const read = (text: string | null): unknown => (text === null ? undefined : JSON.parse(text));
  const changes = shownChanges(diff(read(known.text), read(latest.text)));
  return {
    code: "precondition-failed",
    latest: made,
    since: known.version,
    changes: changes.shown,
    changesLeftOut: changes.leftOut,
  };
}

/** Who made a version, without its text. */
export function madeBy({ version, author, at, action }: Made): Made {
  return { version, author, at, action };
}

function replacedOf({ text }: Drift, state: State): Replaced {
  if (text == null) return { text: null, bytes: 0, valid: text === undefined };
  return {
    text: text.slice(0, MAX_DETAIL_CHARS),
    bytes: new TextEncoder().encode(text).length,
    valid: judgeText(text, state.rules, "in-kv").ok,
  };
}

/** Whether a value in KV holds edits back: one that serves, or a deletion. What is not a policy serves nobody. */
const isHeld = ({ valid, text }: Replaced): boolean => valid || text === null;

/** Whether a policy that is sent would give back what a guard took, and nobody has given back yet. */
function guardActed(
  { byGuard, latest, rules }: State,
  { key, change, now }: Proposal,
  made: Judged | undefined,
): EditError | undefined {
  const isSent = change.kind === "patch" || (change.kind === "put" && !change.apply);
  if (byGuard === undefined || made === undefined || !isSent) return undefined;
  const { taken, before } = byGuard;
  const read = (text: string | null | undefined) => {
    const policy = policyIn(text, rules);
    return policy === undefined ? undefined : compile(policy, key);
  };
  const [had, left] = [read(before.text), read(taken.text)];
  if (had === undefined || left === undefined) return undefined;
  const taking = { before: had, after: left, at: taken.at };
  const given = givenBack(taking, read(latest?.text), compile(made.policy, key), now);
  if (given === undefined) return undefined;
  const { variant } = given;
  return { code: "guard-acted", by: madeBy(taken), evidence: taken.note, variant };
}

interface Considered {
  readonly made: Judged | undefined;
  /** Why there is nothing to do, where an action says so. */
  readonly nothing: string | undefined;
  /** Whether the newest version says the same already. */
  readonly same: boolean;
  readonly plan: Plan;
  /** See {@link Accepted.unheld}. */
  readonly unheld: Accepted["unheld"];
}

/** What a proposal comes to, with all that forbids it. */
function consider(
  state: State,
  proposal: Proposal,
  planner: Planner,
): Result<Considered, EditError | Unasked> {
  const { latest, rules, takenBack } = state;
  const { key, change, override, allowReshuffle, now, request } = proposal;
  const made = carryOut(proposal, state);
  if (!made.ok) return made;
  const before = policyIn(baseText(state), rules);
  const planned = planner(key, before, made.value?.policy, { now, request });
  const isEqual = before !== undefined && made.value !== undefined && planned.changes.length === 0;
  const same = latest?.text != null && (isEqual || made.value?.text === latest.text);
  const isApplied = change.kind === "put" && change.apply;
  if (isApplied && !same && !override && takenBack !== undefined)
    return refused({ code: "taken-back", by: takenBack });
  const guarded = override ? undefined : guardActed(state, proposal, made.value);
  if (guarded !== undefined) return refused(guarded);
  const mayReshuffle = allowReshuffle || change.kind === "delete";
  if (planned.reshuffled > 0 && !mayReshuffle) return refused({ code: "reshuffle", plan: planned });
  const words = same ? [] : wordsHeldAgainst(state, proposal, made.value);
  const old = override ? undefined : tooOld(state, words);
  if (old !== undefined) return refused(old);
  const unheld = override ? words : [];
  return ok({ made: made.value, nothing: made.value?.nothing, same, plan: planned, unheld });
}

/** What is odd about a policy that somebody wrote. Actions, grants and rollbacks write nothing that was not warned of before. */
function warningsFor(
  made: Judged | undefined,
  { key, change: { kind } }: Proposal,
  { rules }: State,
): readonly Issue[] {
  const isWritten = kind === "put" || kind === "patch" || kind === "adopt";
  return made === undefined || !isWritten ? [] : warningsOf(made.policy, key, rules.receivers);
}

/**
 * Judges an edit by all that is known of the route: what the caller expects, what somebody wrote to
 * KV by hand, the policy itself, and what it does to visitors. Pure. A value in KV that is not a
 * valid policy serves nobody and locks nobody out: it is replaced, and told.
 */
export function edit(
  state: State,
  wanted: Edit,
  planner: Planner = plan,
): Result<Accepted, EditError | Unasked> {
  const { latest, drift } = state;
  const { expects, change, override } = wanted;
  const current = currentOf(state);
  if (current === undefined && expects.want !== "none")
    return refused(latest === undefined ? { code: "route-not-found" } : outdated(state, expects));
  if (!holds(expects, current)) return refused(outdated(state, expects));
  const replaced = change.kind === "adopt" || !drift ? undefined : replacedOf(drift, state);
  if (replaced !== undefined && !override && isHeld(replaced))
    return refused({ code: "drift", current: latest?.version ?? 0 });
  const considered = consider(state, wanted, planner);
  if (!considered.ok) return considered;
  const { made, nothing, same, plan: planned } = considered.value;
  const unchanged = same && replaced === undefined && change.kind !== "adopt";
  return ok({
    text: made?.text ?? null,
    action: actionOf(wanted),
    unchanged,
    reason: unchanged ? nothing : undefined,
    created: latest?.text == null && made !== undefined && MAKERS.has(change.kind),
    plan: unchanged ? undefined : planned,
    warnings: warningsFor(made, wanted, state),
    replaced,
    unheld: considered.value.unheld,
  });
}

/** What an edit would do, whoever asked for it and whatever version they know. Pure. */
export function preview(
  state: State,
  proposal: Proposal,
  planner: Planner = plan,
): Result<Previewed, EditError | Unasked> {
  const considered = consider(state, proposal, planner);
  if (!considered.ok) return considered;
  const { made, nothing, same, plan: planned } = considered.value;
  return ok({
    from: state.latest?.version ?? 0,
    exists: currentOf(state) !== undefined,
    same: same && state.drift === undefined,
    reason: nothing,
    drift: state.drift !== undefined && isHeld(replacedOf(state.drift, state)),
    takenBack: state.takenBack,
    warnings: warningsFor(made, proposal, state),
    plan: planned,
  });
}
