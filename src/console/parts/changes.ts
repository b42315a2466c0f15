import type { Change } from "../../policy/diff.ts";

/** What came of a place in a policy. */
export type Kind = "added" | "removed" | "changed";

/** A sign and a word for each. */
export const KINDS: Readonly<Record<Kind, readonly [sign: string, word: string]>> = {
  added: ["+", "added"],
  removed: ["−", "removed"],
  changed: ["~", "changed"],
};

export function kindOf(change: Change): Kind {
  if (!("from" in change)) return "added";
  return "to" in change ? "changed" : "removed";
}

/** A value as it stands in a policy. */
const valueText = (value: unknown): string => JSON.stringify(value) ?? "nothing";

/** What a place said and says: "20 → 40". */
export function changeText(change: Change): string {
  const kind = kindOf(change);
  if (kind === "added") return valueText(change.to);
  if (kind === "removed") return valueText(change.from);
  return `${valueText(change.from)} → ${valueText(change.to)}`;
}

/** A place without the dollar that stands for the whole policy. */
export const placeText = (path: string): string =>
  path === "$" ? "the whole policy" : path.replace(/^\$\.?/, "");
