import { millis } from "../../lib/instant-text.ts";
import { locate } from "../locate.ts";
import type { BlueGreen, Policy } from "../schema.ts";
import type { Past } from "./definition.ts";

export type Colour = BlueGreen["active"];

/** The colour that a colour is not. */
export const other = (colour: Colour): Colour => (colour === "blue" ? "green" : "blue");

/** The colour that serves at a time (ms). */
export const colourAt = ({ active, next }: BlueGreen, now: number): Colour =>
  next !== undefined && now >= millis(next.at) ? next.active : active;

/** What stood at a node in an earlier form of the policy, where it was blue-green. */
function blueGreenAt(policy: Policy, node: string): BlueGreen | undefined {
  const found = locate(policy, node)?.policy;
  return typeof found === "object" && found.strategy === "blue-green" ? found : undefined;
}

/** An earlier form of one node. */
interface Form {
  readonly policy: BlueGreen;
  readonly at: number;
  readonly action: string;
}

/** The forms of a node, newest first, for as long as it was blue-green. */
export function formsOf(past: readonly Past[], node: string): Form[] {
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
export function madeBy(forms: readonly Form[]): string | undefined {
  const [newest] = forms;
  if (newest === undefined) return undefined;
  const same = forms.findIndex(({ policy }) => coloursOf(policy) !== coloursOf(newest.policy));
  return forms.at(same === -1 ? -1 : same - 1)?.action;
}

/** The action that made the last cut-over; `undefined` where the history knows of none. */
export function lastCutOver(forms: readonly Form[], now: number): string | undefined {
  let end = now;
  for (const [index, { policy, at, action }] of forms.entries()) {
    if (colourAt(policy, end) !== colourAt(policy, at)) return action;
    const before = forms[index + 1];
    if (before !== undefined && colourAt(before.policy, at) !== colourAt(policy, at)) return action;
    end = at;
  }
  return undefined;
}
