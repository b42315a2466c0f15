import { compile } from "../policy/compile.ts";
import { leavesOf } from "../policy/leaves.ts";
import { parse } from "../policy/parse.ts";

/** What a shard knows of a route, its texts aside. */
export interface Head {
  readonly key: string;
  /** The highest version of its ledger that was heard of; 0 for none. */
  readonly version: number;
  /** Digest of that version's text; `absent` where it deleted the route, or there is none. */
  readonly digest: string;
  /** When that version was accepted, or ordered to KV anew (ms); 0 where only KV told of it. */
  readonly at: number;
  /** Whether there is a text that serves. */
  readonly listed: boolean;
  /** Whether the ledger is still to bring this version to KV. */
  readonly pending: boolean;
  /** When the ledger last put a version to KV (ms); 0 for never. */
  readonly putAt: number;
  /** Digest of a text put by hand that rules over the version; `absent` where it was deleted by hand. */
  readonly byHand: string | undefined;
  /** Digests of texts put by hand that versions replaced, the newest first. */
  readonly beaten: readonly string[];
  /** When the newest of them was replaced (ms). */
  readonly beatenAt: number;
  /** Whether the text divides visitors: its counts are stored sooner. */
  readonly splits: boolean;
  /** Whether a guard watches any of its splits. */
  readonly guarded: boolean;
  /** Whether a person gave back with this version what a guard had taken: guards say nothing of it. */
  readonly silent: boolean;
}

/** Digests of replaced texts that are kept: more edits by hand than KV could be late with. */
const MAX_BEATEN = 4;

/** What was never heard of. */
export const unheardOf = (key: string): Head => ({
  key,
  version: 0,
  digest: "absent",
  at: 0,
  listed: false,
  pending: false,
  putAt: 0,
  byHand: undefined,
  beaten: [],
  beatenAt: 0,
  splits: false,
  guarded: false,
  silent: false,
});

/** Digests with one more of a text that was replaced. */
export const beatenWith = (
  beaten: readonly string[],
  more: readonly (string | undefined)[],
): readonly string[] =>
  [...new Set([...more.filter((digest) => digest !== undefined), ...beaten])].slice(0, MAX_BEATEN);

/** A text put by hand that a version replaced does not rule again for so long (ms), should KV be later than it ever was. */
export const BEATEN_MS = 3_600_000;

/** Whether a text was put by hand and replaced by a version, not long ago. */
export const isBeaten = ({ beaten, beatenAt }: Head, digest: string, now: number): boolean =>
  beaten.includes(digest) && now - beatenAt < BEATEN_MS;

/** Whether a policy divides visitors anywhere, and whether a guard watches; a text that is not a policy has neither. */
export function shapeOf(key: string, text: string | null): Pick<Head, "splits" | "guarded"> {
  const parsed = text === null ? undefined : parse(text, { allowPrivateOrigins: true });
  if (parsed?.ok !== true) return { splits: false, guarded: false };
  const leaves = [...leavesOf(compile(parsed.policy, key))];
  return {
    splits: leaves.some(({ variants }) => variants.length > 1),
    guarded: leaves.some(({ guard }) => guard !== undefined),
  };
}
