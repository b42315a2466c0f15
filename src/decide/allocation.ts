import { fingerprint } from "../lib/hash.ts";
import type { LeafNode } from "../policy/compiled.ts";

/** The shares in force at an instant: what is counted under two of them is never pooled. */
export interface Allocation {
  /** Of the effective salt, coverage, group, force and shares; the same again for those that come back. */
  readonly id: string;
  /** The allocation for people, the salt aside: `90/10`, `50/50 of 20 %`. */
  readonly label: string;
  /** What each variant is to get of those that are drawn, by name; 1 in all. */
  readonly shares: Readonly<Record<string, number>>;
}

/** Percents with at most three decimals: finer shares are told apart by the id. */
const percentText = (share: number): string => String(Number((share * 100).toFixed(3)));

/** The allocation of a split, or of a single origin, at a time (ms since the epoch). Pure. */
export function allocationOf(node: LeafNode, now: number): Allocation {
  const { variants, salt, coverage, group, force, epoch } = node;
  const drawn = node.definition.shares(node, now);
  const parts = variants.map(({ name }, index) => {
    const share = force === undefined ? (drawn[index] ?? 0) : Number(name === force.name);
    return [name, share] as const;
  });
  const label = [parts.map(([, share]) => percentText(share)).join("/")];
  if (force !== undefined) label.push("forced");
  if (coverage < 100) label.push(`of ${coverage} %`);
  if (group !== undefined) label.push(`in ${group.from}–${group.to} of ${group.name}`);
  if (epoch !== undefined) label.push(`@${epoch}`);
  const sorted = parts.toSorted(([one], [other]) => (one < other ? -1 : 1));
  const whole = JSON.stringify([salt, coverage, group, force?.name, sorted]);
  return {
    id: fingerprint(whole),
    label: label.join(" "),
    shares: Object.fromEntries(parts),
  };
}
