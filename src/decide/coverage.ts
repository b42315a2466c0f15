import { bucket, SEED } from "../lib/hash.ts";
import type { LeafNode } from "../policy/compiled.ts";

export type Group = NonNullable<LeafNode["group"]>;

/** Whether a visitor falls into the share of visitors that is in an experiment at all. */
export function isCovered({ salt, coverage }: LeafNode, visitor: string): boolean {
  return bucket(SEED.coverage, salt, visitor) * 100 < coverage;
}

/** Whether a visitor falls into an experiment's range of its group. */
export function isInGroup({ name, from, to }: Group, visitor: string): boolean {
  const place = bucket(SEED.group, name, visitor) * 100;
  return place >= from && place < to;
}
