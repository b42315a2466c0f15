import { compile } from "../../policy/compile.ts";
import type { Goal, LeafNode } from "../../policy/compiled.ts";
import { guardedSplits, type GuardedSplit } from "../../policy/guarded-splits.ts";
import { leavesOf } from "../../policy/leaves.ts";
import { parse } from "../../policy/parse.ts";
import type { Head } from "../head.ts";
import type { HubStore } from "../store.ts";

/** What the newest text of a route says of its splits. */
export interface Names {
  /** Digest of the text. */
  readonly digest: string;
  /** Variants by experiment, of single origins too. */
  readonly variants: ReadonlyMap<string, ReadonlySet<string>>;
  /** Nodes that divide visitors, by experiment. */
  readonly splits: ReadonlyMap<string, LeafNode>;
  /** Nodes that a guard watches, by experiment. */
  readonly guards: ReadonlyMap<string, GuardedSplit>;
  readonly goals: ReadonlyMap<string, Goal>;
  /** What keeping this takes in memory, about (bytes). */
  readonly bytes: number;
}

/** Of all routes together (bytes): a quarter of what an object has. */
const MAX_BYTES = 32_000_000;

/** What a name takes in memory beside its characters (bytes). */
const NAME_BYTES = 200;

const nothing = (digest: string): Names => ({
  digest,
  variants: new Map(),
  splits: new Map(),
  guards: new Map(),
  goals: new Map(),
  bytes: NAME_BYTES,
});

function namesIn(key: string, text: string | null, digest: string): Names {
  if (text === null) return nothing(digest);
  const parsed = parse(text, { allowPrivateOrigins: true });
  if (!parsed.ok) return nothing(digest);
  const policy = compile(parsed.policy, key);
  const variants = new Map<string, Set<string>>();
  const splits = new Map<string, LeafNode>();
  let count = 0;
  for (const leaf of leavesOf(policy)) {
    const known = variants.get(leaf.experiment) ?? new Set();
    for (const { name } of leaf.variants) known.add(name);
    variants.set(leaf.experiment, known);
    count += 1 + leaf.variants.length;
    if (leaf.definition.splits) splits.set(leaf.experiment, leaf);
  }
  return {
    digest,
    variants,
    splits,
    guards: new Map(
      guardedSplits(parsed.policy, policy).map((guarded) => [guarded.node.experiment, guarded]),
    ),
    goals: new Map(policy.goals.map((goal) => [goal.name, goal])),
    // A node holds on to what it shares with all others of its policy.
    bytes: (splits.size > 0 ? policy.size : 0) + count * NAME_BYTES,
  };
}

/** What the newest texts of routes say of their splits, read once for each text, for as many routes as there is room. */
export class Policies {
  readonly #store: HubStore;
  readonly #known = new Map<string, Names>();
  #bytes = 0;

  constructor(store: HubStore) {
    this.#store = store;
  }

  /** By the text that rules: the ledger's, or one that was put by hand over it. */
  of({ key, digest, byHand }: Head): Names {
    const ruling = byHand ?? digest;
    const known = this.#known.get(key);
    if (known !== undefined) {
      this.#known.delete(key);
      this.#bytes -= known.bytes;
    }
    const names =
      known?.digest === ruling
        ? known
        : namesIn(key, this.#store.text(key, byHand !== undefined), ruling);
    this.#known.set(key, names);
    this.#bytes += names.bytes;
    for (const [oldest, { bytes }] of this.#known) {
      if (this.#bytes <= MAX_BYTES || oldest === key) break;
      this.#known.delete(oldest);
      this.#bytes -= bytes;
    }
    return names;
  }
}
