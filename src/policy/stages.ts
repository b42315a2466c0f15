import type { LeafNode } from "./compiled.ts";

/** For how long shares stay as they are. */
export interface Stage {
  /** ms since the epoch; absent for the first, which begins before anything was set. */
  readonly from: number | undefined;
  readonly to: number | undefined;
  /** In the order of the variants; 1 in all. */
  readonly shares: readonly number[];
}

/** What the clock alone does to a split. */
export interface Stages {
  readonly list: readonly Stage[];
  /** Which of them is now. */
  readonly current: number;
  /** Percents of a ramp that are behind a pause, or have yet to be earned. */
  readonly waiting: readonly number[];
  /** Since when, or from when on, the clock of a ramp stands still (ms). */
  readonly pausedAt: number | undefined;
  /** Where a ramp stands until its next step is earned, in words. */
  readonly waits: string | undefined;
  /** When everybody goes back, unless somebody renews (ms). */
  readonly lapsesAt: number | undefined;
}

const isSame = (a: readonly number[], b: readonly number[]) =>
  a.length === b.length && a.every((share, index) => share === b[index]);

/** Who gets what from when to when, by the split's own clock; nothing where the clock changes nothing. Pure. */
export function stagesOf(leaf: LeafNode, now: number): Stages | undefined {
  const { definition } = leaf;
  const instants = [...new Set(definition.instants(leaf))].toSorted((a, b) => a - b);
  const guarding = definition.guard === "nothing" ? undefined : definition.guard;
  const ramp = guarding?.ramp(leaf);
  const [first] = instants;
  if (first === undefined && ramp === undefined) return undefined;
  const list: Stage[] = [
    { from: undefined, to: first, shares: definition.shares(leaf, (first ?? now) - 1) },
  ];
  for (const [index, from] of instants.entries()) {
    const shares = definition.shares(leaf, from);
    const last = list.at(-1);
    const to = instants[index + 1];
    // Where nothing changes for newcomers, as when a drain ends, it is one stage.
    if (last !== undefined && isSame(last.shares, shares)) list[list.length - 1] = { ...last, to };
    else list.push({ from, to, shares });
  }
  const known = new Set(instants);
  const waiting =
    ramp?.steps
      .filter(({ fromMs }) => !known.has(ramp.startAtMs + fromMs))
      .map(({ percent }) => percent) ?? [];
  return {
    list,
    current: list.findLastIndex(({ from }) => from === undefined || from <= now),
    waiting,
    pausedAt: ramp?.pausedAtMs,
    waits: guarding?.waits?.(leaf, now),
    lapsesAt: guarding?.lapsesAt(leaf),
  };
}
