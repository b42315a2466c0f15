import type { CompiledPolicy, LeafNode, Variant } from "./compiled.ts";

/** More than nobody, and less than any share: the visitors whom a pin keeps on a variant. */
const PINNED_SHARE = Number.EPSILON;

/** The largest share that a variant gets from a time on (ms since the epoch), as the clock alone leads on. */
function reachOf(node: LeafNode, variant: Variant, now: number): number {
  if (node.force !== undefined) return node.force === variant ? 1 : 0;
  const { definition, sticky, variants } = node;
  const keepsPins = definition.pins && sticky !== false && sticky.mode === "pin";
  const index = variants.indexOf(variant);
  let reach = 0;
  for (const at of [now, ...definition.instants(node).filter((instant) => instant > now)]) {
    const share = definition.shares(node, at)[index] ?? 0;
    const kept = keepsPins && definition.honoursPin(node, variant, at) ? PINNED_SHARE : 0;
    reach = Math.max(reach, share, kept);
  }
  return reach;
}

/** The splits of a policy by where they stand: prefixes and names of rules from the root. */
const splitsOf = (policy: CompiledPolicy | undefined): Map<string, LeafNode> =>
  new Map(policy?.splits.map((node) => [node.path, node]));

function reachIn(splits: ReadonlyMap<string, LeafNode>, path: string, name: string, now: number) {
  const node = splits.get(path);
  const variant = node?.variants.find((one) => one.name === name);
  return node === undefined || variant === undefined ? 0 : reachOf(node, variant, now);
}

/** A change that took something back. */
export interface Taking {
  readonly before: CompiledPolicy;
  readonly after: CompiledPolicy;
  /** When it was made (ms since the epoch). */
  readonly at: number;
}

/** A variant that gets again what was taken from it, and where its split stands. */
export interface GivenBack {
  readonly path: string;
  readonly variant: string;
}

/**
 * Whether a policy gives a variant more visitors, now or at any later time, than a change that took
 * some from it had left it: the first such variant. Where the policy that is in force does so already,
 * nothing more is given back. Tells what was taken by shares alone, whatever the strategies. Pure.
 */
export function givenBack(
  { before, after, at }: Taking,
  latest: CompiledPolicy | undefined,
  next: CompiledPolicy,
  now: number,
): GivenBack | undefined {
  const [had, has, gives] = [before, latest, next].map(splitsOf);
  if (had === undefined || has === undefined || gives === undefined) return undefined;
  for (const node of after.splits)
    for (const variant of node.variants) {
      const { path } = node;
      const left = reachOf(node, variant, at);
      const { name } = variant;
      if (reachIn(had, path, name, at) <= left) continue;
      if (reachIn(has, path, name, now) > left || reachIn(gives, path, name, now) <= left) continue;
      return { path, variant: name };
    }
  return undefined;
}
