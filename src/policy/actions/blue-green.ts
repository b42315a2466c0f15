import { formatInstant, millis } from "../../lib/instant-text.ts";
import { locate } from "../locate.ts";
import type { BlueGreen, Policy } from "../schema.ts";
import { nothing, refuse, type ActionResult, type Clock, type Past } from "./result.ts";
import type { Action } from "./schema.ts";

type Colour = BlueGreen["active"];
type Switch = Extract<Action, { name: "switch" }>;

const other = (colour: Colour): Colour => (colour === "blue" ? "green" : "blue");

/** The colour that serves at a time (ms). */
const colourAt = ({ active, next }: BlueGreen, now: number): Colour =>
  next !== undefined && now >= millis(next.at) ? next.active : active;

/** A cut-over at an instant that every machine knows of in time, or at once. */
export function switchColour(policy: BlueGreen, action: Switch, clock: Clock): ActionResult {
  const { next, ...rest } = policy;
  const active = colourAt(policy, clock.now);
  const isComing = next !== undefined && clock.now < millis(next.at);
  const to = action.to ?? other(active);
  const when = action.at ?? "safe";
  if (to === active && !isComing) return nothing(policy, `"${to}" is the active colour already`);
  if (isComing && to === next.active && to !== active && action.at === undefined) {
    const isSame = action.drainSeconds === undefined || action.drainSeconds === next.drainSeconds;
    if (isSame) return nothing(policy, `the switch to "${to}" comes at ${next.at} already`);
  }
  const drain = action.drainSeconds === undefined ? {} : { drainSeconds: action.drainSeconds };
  if (when === "now") {
    const policyNow: BlueGreen =
      action.drainSeconds === undefined || to === active
        ? { ...rest, active: to }
        : { ...rest, active, next: { active: to, at: formatInstant(clock.now), ...drain } };
    return { ok: true, policy: policyNow };
  }
  // A change of mind before the cut-over: the colour that serves goes on serving.
  if (to === active) return { ok: true, policy: { ...rest, active } };
  const safe = clock.now + clock.propagationMs;
  const atMs = when === "safe" ? safe : millis(when);
  if (atMs < safe) {
    return refuse(
      `not every machine can know of a switch before ${formatInstant(safe)}, and they would serve both colours at once`,
      'choose a later instant, leave out "at", or write "at": "now" and accept that',
    );
  }
  return {
    ok: true,
    policy: { ...rest, active, next: { active: to, at: formatInstant(atMs), ...drain } },
  };
}

/** What stood at a node in an earlier form of the policy, where it was blue-green. */
function blueGreenAt(policy: Policy, node: string): BlueGreen | undefined {
  const found = locate(policy, node)?.policy;
  return typeof found === "object" && found.strategy === "blue-green" ? found : undefined;
}

interface Form {
  readonly policy: BlueGreen;
  readonly at: number;
  readonly action: string;
}

/** The forms of a node, newest first, for as long as it was blue-green. */
function formsOf(past: readonly Past[], node: string): Form[] {
  const forms: Form[] = [];
  for (const { policy, at, action } of past) {
    const found = blueGreenAt(policy, node);
    if (found === undefined) break;
    forms.push({ policy: found, at, action });
  }
  return forms;
}

const coloursOf = ({ active, next }: BlueGreen): string => JSON.stringify([active, next ?? null]);

/** The action that gave a node the colours it has. */
function madeBy(forms: readonly Form[]): string | undefined {
  const [newest] = forms;
  if (newest === undefined) return undefined;
  const same = forms.findIndex(({ policy }) => coloursOf(policy) !== coloursOf(newest.policy));
  return forms.at(same === -1 ? -1 : same - 1)?.action;
}

/** The action that made the last cut-over; `undefined` where the history knows of none. */
function lastCutOver(forms: readonly Form[], now: number): string | undefined {
  let end = now;
  for (const [index, { policy, at, action }] of forms.entries()) {
    if (colourAt(policy, end) !== colourAt(policy, at)) return action;
    const before = forms[index + 1];
    if (before !== undefined && colourAt(before.policy, at) !== colourAt(policy, at)) return action;
    end = at;
  }
  return undefined;
}

/**
 * Calls a cut-over to come off; after one, goes back at once to the colour before it. Going back
 * twice is going back once, and where there never was a cut-over there is nothing to go back to.
 */
export function switchBack(policy: BlueGreen, node: string, clock: Clock): ActionResult {
  const { next, ...rest } = policy;
  const forms = formsOf(clock.past ?? [], node);
  if (madeBy(forms) === "switch-back")
    return nothing(policy, `"${policy.active}" serves again already`);
  // To come, it is called off; past, the policy itself tells the colour before it.
  if (next !== undefined && next.active !== policy.active) return { ok: true, policy: rest };
  const last = lastCutOver(forms, clock.now);
  if (last === undefined)
    return refuse(
      "there was no switch to go back from, as far as the history tells",
      'name the colour that is to serve: switch, with "to"',
    );
  if (last === "switch-back") return nothing(policy, `"${policy.active}" serves again already`);
  return { ok: true, policy: { ...rest, active: other(colourAt(policy, clock.now)) } };
}
