import type { UnlistedVisitors, WatchedVisitor } from "../../report/guard.ts";
import type { SplitReport } from "../../report/measured.ts";
import type { GuardedSplit } from "../../policy/guarded-splits.ts";

/** Somebody for whom a variant failed, by their address. */
export interface FailedFor {
  readonly variant: string;
  readonly address: string;
  /** ms since the epoch. */
  readonly at: number;
}

/** What a report tells the guard of a split. */
export interface Heard {
  readonly key: string;
  readonly split: GuardedSplit;
  readonly watched: readonly WatchedVisitor[];
  readonly unlisted: readonly UnlistedVisitors[];
  readonly failing: readonly FailedFor[];
  /** Whether visitors wait to be stored, and whether a variant failed for any of them. */
  readonly waits: "no" | "yes" | "failed";
}

/** What a report of a guarded split tells of known variants. Who is where they are by a rule's word has no voice. */
export function heardOf(
  key: string,
  guarded: GuardedSplit,
  split: SplitReport,
  variants: ReadonlySet<string>,
): Heard {
  const isKnown = ({ variant }: { readonly variant: string }) => variants.has(variant);
  const visitors = (split.visitors ?? []).filter(isKnown);
  const watched = (split.watched ?? []).filter(isKnown);
  const failed = visitors.filter((visitor) => visitor.failed !== undefined);
  const failing = [
    ...failed.filter(({ exposure }) => exposure === "drawn" || exposure === "pinned"),
    ...watched.filter((visitor) => visitor.failed === true),
  ].flatMap(({ variant, address, at }) =>
    address === undefined ? [] : [{ variant, address, at }],
  );
  return {
    key,
    split: guarded,
    watched,
    unlisted: (split.unlisted ?? []).filter(isKnown),
    failing,
    waits: failed.length > 0 ? "failed" : visitors.length > 0 ? "yes" : "no",
  };
}
